// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { look } from '../../../card/look.js';
import { outcomeName } from '../../../card/settings.js';
import { number } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatExact, formatLength, formatPhone, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { now } from '../../../core/ticks.js';
import { Icon } from '../../../ui/icon.js';
import { attempt, say } from '../../../ui/toast.js';

/** @typedef {import('../../../core/types.js').TimelineItem} TimelineItem */

/** One thing that was with a client. @param {{item: TimelineItem}} props */
export function Moment({ item }) {
  void now.value;
  const time = html`<time class="muted figures" datetime=${item.at} title=${formatExact(item.at)}>${formatWhen(item.at)}</time>`;
  if (item.call) return html`<${CallMoment} call=${item.call} time=${time} />`;
  if (item.promise) return html`<${PromiseMoment} promise=${item.promise} time=${time} />`;
  if (item.change?.fields[0]?.field === 'merged') return html`<${MergeMoment} item=${item} change=${item.change} time=${time} />`;
  return item.change ? html`<${ChangeMoment} change=${item.change} time=${time} />` : null;
}

/** @param {{call: import('../../../core/types.js').Call, time: any}} props */
function CallMoment({ call, time }) {
  const { icon, tone, word } = look(call);
  return html`<li class="moment"><span class=${`moment-mark row-icon ${tone}`}><${Icon} name=${icon} /></span>
    <div><p class="moment-head"><a class=${`${tone}-text`} href=${`/calls?call=${encodeURIComponent(call.id)}`}>${word}${call.state === 'answered' && call.duration_s !== null && `, ${formatLength(call.duration_s)}`}</a>${time}</p>
      <p class="row-more muted">${call.user && html`<span dir="auto">${call.user.name}</span>`}<span class="figures">${number(call.phone, call.phone_formatted)}</span>
        ${call.line?.label && html`<span dir="auto">${call.line.label}</span>`}${outcomeName(call.outcome) && html`<span dir="auto">${outcomeName(call.outcome)}</span>`}</p>
      ${call.promise && html`<${PromiseLine} promise=${call.promise} />`}
      ${call.note && html`<p class="moment-note pre" dir="auto">${call.note}</p>`}</div></li>`;
}

/** @typedef {Pick<import('../../../core/types.js').CallPromise, 'due_at'|'text'|'done_at'>} Promised what was said would be done, and whether it was */

/** @param {Promised} promise */
const toneOf = ({ due_at: due, done_at: done }) => (done ? 'good-text' : Date.parse(due) <= now.value ? 'bad-text' : 'live-text');

/** @param {Promised} promise */
const iconOf = ({ done_at: done }) => (done ? 'check' : 'clock');

/** Inside its call. @param {{promise: Promised}} props */
function PromiseLine({ promise }) {
  const { due_at: due, text, done_at: done } = promise;
  return html`<p class=${`moment-promise ${toneOf(promise)}`}><${Icon} name=${iconOf(promise)} /> ${t('contacts.promised', { when: formatWhen(due) })}${text && html`: <span dir="auto">${text}</span>`}
    ${done && html` <span class="muted">(${t('contacts.promise_kept', { when: formatWhen(done) })})</span>`}</p>`;
}

/** What was promised without a call. @param {{promise: import('../../../core/types.js').Promise, time: any}} props */
function PromiseMoment({ promise, time }) {
  const { due_at: due, text, done_at: done, user } = promise;
  return html`<li class="moment"><span class="moment-mark row-icon"><${Icon} name=${iconOf(promise)} /></span>
    <div><p class="moment-head"><strong class=${toneOf(promise)}>${t('contacts.promised', { when: formatWhen(due) })}</strong>${time}</p>
      <p class="row-more muted">${user && html`<span dir="auto">${user.name}</span>`}${done && html`<span>${t('contacts.promise_kept', { when: formatWhen(done) })}</span>`}</p>
      ${text && html`<p dir="auto">${text}</p>`}</div></li>`;
}

/** So long a merge can be taken back, by the task of the same id. */
const UNDO_MS = 30 * 24 * 3_600_000;

/** Somebody else became part of this client. @param {{item: TimelineItem, change: import('../../../core/types.js').ContactChange, time: any}} props */
function MergeMoment({ item, change, time }) {
  const [isAsked, setAsked] = useState(false);
  const [merged, ...fields] = change.fields;
  const part = async () => {
    setAsked(true);
    if (await attempt(() => api.undoTask(item.id))) say({ text: t('contacts.parted') });
    else setAsked(false);
  };
  const canPart = me.value?.role !== 'operator' && Date.parse(item.at) + UNDO_MS > now.value;
  return html`<li class="moment"><span class="moment-mark row-icon"><${Icon} name="users" /></span>
    <div><p class="moment-head"><strong dir="auto">${t('contacts.merged', { who: said('name', merged?.before) || t('card.new_client') })}</strong>${time}</p><p class="row-more muted"><span dir="auto">${change.by?.name}</span></p>
      <${Changes} fields=${fields} />${canPart && html`<p><button type="button" class="button small" disabled=${isAsked} onClick=${part}>${t('contacts.part')}</button></p>`}</div></li>`;
}

/** @param {{fields: import('../../../core/types.js').ContactChange['fields']}} props */
function Changes({ fields }) {
  return html`<ul>${fields.map(({ field, before, after }) => html`<li key=${field} dir="auto"><span class="muted">${t(labelOf(field))}:</span> ${said(field, before) && html`<s class="muted">${said(field, before)}</s> → `}${said(field, after) || t('contact.empty')}</li>`)}</ul>`;
}

/** @param {{change: import('../../../core/types.js').ContactChange, time: any}} props */
function ChangeMoment({ change, time }) {
  const by = change.by ? change.by.name : t('contacts.by_command');
  const note = change.fields.length === 1 && change.fields[0]?.field === 'note' ? added(change.fields[0].before, change.fields[0].after) : '';
  if (note) {
    return html`<li class="moment"><span class="moment-mark row-icon"><${Icon} name="sticky-note" /></span>
      <div><p class="moment-head"><strong>${t('contact.note')}</strong>${time}</p><p class="row-more muted"><span dir="auto">${by}</span></p><p class="moment-note pre" dir="auto">${note}</p></div></li>`;
  }
  return html`<li class="moment"><span class="moment-mark row-icon"><${Icon} name="pencil" /></span>
    <div><p class="moment-head"><strong>${t('contacts.changed')}</strong>${time}</p><p class="row-more muted"><span dir="auto">${by}</span></p>
      <${Changes} fields=${change.fields} /></div></li>`;
}

/** What was written behind the note; empty: it was changed in another way. @param {any} before @param {any} after @returns {string} */
const added = (before, after) => (after.startsWith(before) ? after.slice(before.length).trim() : '');

/** @param {string} field */
const labelOf = (field) => (field === 'responsible' ? 'card.responsible' : `contact.${field}`);

/** A field's value in words; empty for none. @param {string} field @param {any} value @returns {string} */
function said(field, value) {
  if (value === null || value === undefined) return '';
  if (field === 'phones') return value.map((/** @type {{number: string, label: string}} */ one) => [formatPhone(one.number), one.label].filter(Boolean).join(' ')).join(', ');
  if (field === 'kind') return t(`contact.kind.${value}`);
  if (field === 'vip') return t(value ? 'contacts.yes' : 'contacts.no');
  if (field === 'responsible') return value.name;
  return Array.isArray(value) ? value.join(', ') : String(value);
}
