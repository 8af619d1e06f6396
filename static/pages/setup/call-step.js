// @ts-check
import { useEffect } from '../../vendor/hooks.mjs';
import { CallCard } from '../../card/card.js';
import { followStream, stack } from '../../card/cards.js';
import { Trial } from '../../card/trial.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { watchAll } from '../../core/prefs.js';
import { streamState, watch } from '../../live/live.js';
import { OfflineBanner } from '../../ui/offline.js';
import { Toasts } from '../../ui/toast.js';

/** The first call appears here, live. */
export function CallStep() {
  useEffect(() => {
    followStream();
    watch(watchAll.value);
  }, []);
  const newest = stack.value[0];
  const isHeard = newest && !newest.card.is_trial;
  return html`<h1>${t('setup.call.title')}</h1>
    <${OfflineBanner} state=${streamState.value} />
    <div role="status">
      ${isHeard ? html`<p class="done">${t('setup.call.heard')}</p>` : html`<p class="listening"><span class="wait-ring"></span>${t('setup.call.more')}</p>`}
    </div>
    ${newest && html`<div class="setup-card"><${CallCard} key=${newest.card.id} card=${newest.card} folds=${false} newest /></div>`}
    ${!isHeard && html`<${Trial} />`}
    <div class="buttons"><a class=${`button ${isHeard ? 'primary' : ''}`} href="/">${t('setup.call.open')}</a></div>
    <${Toasts} />`;
}
