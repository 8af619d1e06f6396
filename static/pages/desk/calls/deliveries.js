// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { sayWhy } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { wordOf } from './names.js';

await loadPart('refusals');

/** What other systems were told of the call; why not, to whom may read it. @param {{call: import('../../../core/types.js').Call}} props */
export function Deliveries({ call }) {
  const undone = call.deliveries.filter(({ state }) => state === 'failed' || state === 'pending').map(({ integration }) => integration);
  const [whys, setWhys] = useState(/** @type {Record<string, string>} */ ({}));
  useEffect(() => {
    if (me.value?.role !== 'admin') return;
    for (const integration of undone) {
      api.outboxOf(integration).then(({ items }) => {
        const why = items.find((item) => item.call === call.id)?.why;
        if (why) setWhys((before) => ({ ...before, [integration]: sayWhy(why) }));
      }, () => {});
    }
  }, [undone.join()]);
  if (call.deliveries.length === 0) return null;
  return html`<section class="drawer-part"><h3>${t('calls.deliveries')}</h3><ul class="deliveries">${call.deliveries.map(({ integration, state }) => html`<li key=${integration}>
    <span dir="auto">${wordOf('integration', integration)}</span> <span class=${`badge ${state === 'sent' ? 'good' : state === 'failed' ? 'bad' : ''}`}>${t(`calls.delivery.${state}`)}</span>
    ${whys[integration] && html`<p class="hint">${whys[integration]}</p>`}</li>`)}</ul></section>`;
}
