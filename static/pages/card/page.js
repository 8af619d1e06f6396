// @ts-check
import { sentence } from '../../card/attention.js';
import { stack } from '../../card/cards.js';
import { CardStack } from '../../card/stack.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { streamState } from '../../live/live.js';
import { KeysSheet } from '../../ui/keys-sheet.js';
import { OfflineBanner } from '../../ui/offline.js';
import { Toasts } from '../../ui/toast.js';
import { Calls } from '../../card/calls.js';
import { Dial } from '../../card/dial.js';
import { Missed } from '../../card/missed.js';
import { TopBar } from './top-bar.js';

/** The page: what to do between calls, and the stack over it. */
export function CardPage() {
  const idle = stack.value.length === 0;
  return html`<div class=${`page ${idle ? 'idle' : 'busy'}`}>
    <${TopBar} />
    <${OfflineBanner} state=${streamState.value} />
    <main class="columns">
      <h1 class="out-of-sight">${t('title.card')}</h1>
      <${Dial} />
      <${Missed} />
      <${Calls} />
    </main>
    <aside class="wait" hidden=${!idle}>
      <span class="wait-ring"></span>
      <p class="wait-title">${t('idle.title')}</p>
      <p class="hint">${t('idle.more')}</p>
    </aside>
    <${CardStack} />
    <${Toasts} />
    <${KeysSheet} />
    <p class="out-of-sight" role="log" aria-live="polite" aria-relevant="additions text">${sentence.value}</p>
  </div>`;
}
