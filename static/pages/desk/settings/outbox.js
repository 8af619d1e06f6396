// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { sayWhy } from '../../../core/errors.js';
import { formatExact, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { list } from '../../../core/list.js';
import { amend, route } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { More } from '../../../ui/more.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { attempt } from '../../../ui/toast.js';

/** @typedef {import('../../../core/types.js').Sending} Sending */

const STATES = ['', 'pending', 'failed', 'sent', 'cancelled'];
/** @type {Record<Sending['state'], [string, string]>} tone and icon */
const LOOKS = { pending: ['live', 'clock'], sent: ['good', 'check'], failed: ['bad', 'x'], cancelled: ['', 'x'] };

/** What goes out to other systems: how it went, why it did not, and once more. */
export function Outbox() {
  const state = route.value.query.get('state') ?? '';
  return html`<section class="panel"><h2>${t('settings.outbox')}</h2><p class="panel-more hint">${t('outbox.more')}</p>
    <div class="chips panel-chips" role="group" aria-label=${t('outbox.state')}>${STATES.map((one) => html`<button key=${one} type="button" class="chip" aria-pressed=${one === state}
      onClick=${() => amend({ state: one || null })}>${t(one ? `outbox.${one}` : 'outbox.all')}</button>`)}</div>
    <${Rows} key=${state} state=${state} /></section>`;
}

/** @param {{state: string}} props */
function Rows({ state }) {
  const [items] = useState(() => list({
    size: 50,
    page: (limit, cursor) => api.outbox(state, limit, cursor),
    one: () => Promise.reject(new Error('rows come by the page')),
    at: (/** @type {Sending & {rev?: number}} */ item) => item.created_at,
    belongs: (item) => !state || item.state === state,
  }));
  useEffect(() => items.refresh(), []);
  const rows = items.items.value;
  if (rows === null) return html`<${Skeleton} rows=${4} />`;
  if (rows.length === 0) return html`<p class="empty">${t('outbox.none')}</p>`;
  const again = (/** @type {string} */ id) => attempt(async () => items.put(await api.sendAgain(id)));
  return html`<ul class="rows">${rows.map((item) => html`<${Row} key=${item.id} item=${item} onAgain=${() => again(item.id)} />`)}</ul><${More} list=${items} />`;
}

/** @param {{item: Sending, onAgain: () => void}} props */
function Row({ item, onAgain }) {
  const [tone, icon] = LOOKS[item.state];
  return html`<li class="row"><span class=${`row-icon ${tone}`}><${Icon} name=${icon} /></span>
    <div class="row-main"><p class="row-title">${t(`outbox.${item.state}`)}
        <time class="row-time" datetime=${item.created_at} title=${formatExact(item.created_at)}>${formatWhen(item.created_at)}</time></p>
      <p class="row-more">${item.tries > 0 && html`<span>${t('outbox.tries', { n: item.tries })}</span>`}
        ${item.why && html`<span class=${item.state === 'failed' ? 'bad-text' : ''}>${sayWhy(item.why)}</span>`}
        ${item.next_at && html`<span>${t('outbox.next', { when: formatWhen(item.next_at) })}</span>`}
        <a href=${`/calls?call=${encodeURIComponent(item.call)}`}>${t('outbox.call')}</a></p></div>
    ${item.state !== 'pending' && html`<button type="button" class="button small" onClick=${onAgain}>${t('outbox.again')}</button>`}</li>`;
}
