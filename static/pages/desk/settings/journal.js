// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { formatExact, formatPhone, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { has, loadPart, t } from '../../../core/i18n.js';
import { list } from '../../../core/list.js';
import { Icon } from '../../../ui/icon.js';
import { More } from '../../../ui/more.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { attempt, say } from '../../../ui/toast.js';

await loadPart('journal');

/** @typedef {import('../../../core/types.js').Webhook} Webhook */

/** Every message of the PBX, and what was made of it. */
export function Journal() {
  const [journal] = useState(() => list({ size: 50, page: api.webhooks, one: () => Promise.reject(new Error('rows come by the page')), at: (/** @type {Webhook & {rev?: number}} */ row) => row.received_at }));
  useEffect(() => journal.refresh(), []);
  const rows = journal.items.value;
  const again = async (/** @type {string} */ id) => {
    const done = await attempt(async () => journal.put(await api.replay(id)));
    if (done) say({ text: t('journal.replayed') });
  };
  return html`<section class="panel"><h2>${t('settings.journal')}</h2><p class="panel-more hint">${t('journal.more')}</p>
    ${rows === null ? html`<${Skeleton} rows=${6} />` : rows.length === 0 ? html`<p class="empty">${t('journal.none')}</p>`
      : html`<ul class="rows">${rows.map((push) => html`<${Row} key=${push.id} push=${push} onReplay=${() => again(push.id)} />`)}</ul><${More} list=${journal} />`}
    ${rows !== null && html`<div class="panel-foot"><button type="button" class="button" onClick=${journal.refresh}>${t('journal.newer')}</button></div>`}</section>`;
}

/** @param {{push: Webhook, onReplay: () => void}} props */
function Row({ push, onReplay }) {
  const [open, setOpen] = useState(false);
  const well = push.status === 200;
  const members = membersOf(push);
  const { type, user, phone } = Object.fromEntries(members);
  return html`<li class="row journal-row"><span class=${`row-icon ${well ? (push.why.length > 0 ? 'warn' : 'good') : 'bad'}`}><${Icon} name=${well ? 'check' : 'x'} /></span>
    <div class="row-main"><p class="row-title"><button type="button" class="row-open" aria-expanded=${open} onClick=${() => setOpen(!open)}>${nameOf(push.cmd)}</button>
        ${!well && html`<span class="badge bad">${push.status}</span>`}
        <time class="row-time" datetime=${push.received_at} title=${formatExact(push.received_at)}>${formatWhen(push.received_at)}</time></p>
      <p class="row-more muted"><span>${[push.cmd, type].filter(Boolean).join(' ')}</span>${user && html`<span dir="auto">${user}</span>`}${phone && html`<span class="figures" dir="auto">${formatPhone(phone.replace(/^(?=7\d{10}$)/, '+'))}</span>`}</p>
      ${push.why.map((/** @type {import("../../../core/errors.js").Why} */ { code, params = {} }, index) => html`<p class="row-more" key=${index}>${t(`push.${code}`, { ...params, n: params.minutes ?? 0 })}</p>`)}
      ${open && html`<dl class="push-body">${members.map(([name, value], index) => html`<div key=${index}><dt>${name}</dt><dd dir="auto">${value}</dd></div>`)}</dl>
        <div class="buttons"><button type="button" class="button small" onClick=${onReplay}>${t('journal.replay')}</button></div>`}</div></li>`;
}

/** What the PBX calls a message, in words. @param {string} cmd */
const nameOf = (cmd) => (has(`journal.cmd.${cmd}`) ? t(`journal.cmd.${cmd}`) : cmd || t('journal.unknown'));

/** The members of a message, as they came. @param {Webhook} push @returns {[string, string][]} */
function membersOf({ content_type: type, body }) {
  try {
    if (/json/i.test(type)) return Object.entries(JSON.parse(body)).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  } catch {
    return [['', body]];
  }
  return [...new URLSearchParams(body)];
}
