// @ts-check
import { useEffect, useRef } from '../../vendor/hooks.mjs';
import { sentence } from '../../card/attention.js';
import { html } from '../../core/html.js';
import { isTyping } from '../../core/keys.js';
import { route } from '../../core/router.js';
import { streamState } from '../../live/live.js';
import { KeysSheet } from '../../ui/keys-sheet.js';
import { OfflineBanner } from '../../ui/offline.js';
import { Toasts } from '../../ui/toast.js';
import { Dock } from './dock.js';
import { Rail } from './rail.js';
import { Section } from './section.js';
import { Top } from './top.js';
import { viewAt } from './views.js';

/** What stands around every section: the rail, the bar, the cards; none of it moves when something rings. */
export function Frame() {
  const view = viewAt(route.value.path);
  const main = useRef(/** @type {HTMLElement|null} */ (null));
  const before = useRef(view);
  useEffect(() => {
    if (before.current !== view && !isTyping(document.activeElement)) main.current?.focus({ preventScroll: true });
    before.current = view;
  }, [view]);
  return html`<div class="desk" data-stream=${streamState.value}>
    <${Rail} />
    <${Top} />
    <main class="desk-main" ref=${main} tabindex="-1">
      <${OfflineBanner} state=${streamState.value} />
      ${view && html`<${Section} key=${view.section} view=${view} />`}
    </main>
    <${Dock} />
    <${Toasts} />
    <${KeysSheet} />
    <p class="out-of-sight" role="log" aria-live="polite" aria-relevant="additions text">${sentence.value}</p>
  </div>`;
}
