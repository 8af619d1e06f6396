// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { isNamed, nameOf } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { list } from '../../../core/list.js';
import { amend, route } from '../../../core/router.js';
import { on } from '../../../live/topics.js';
import { Icon } from '../../../ui/icon.js';
import { More } from '../../../ui/more.js';
import { Skeleton } from '../../../ui/skeleton.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */

const PAUSE_MS = 250;

/** The contacts in which `q` of the address occurs, the newest first. */
export function ContactList() {
  const q = route.value.query.get('q') ?? '';
  return html`<div class="view"><h1>${t('nav.contacts')}</h1>
    <${Search} q=${q} />
    <section class="panel" aria-label=${t('nav.contacts')}><${Rows} key=${q} q=${q} /></section></div>`;
}

/** @param {{q: string}} props */
function Search({ q }) {
  const [text, setText] = useState(q);
  useEffect(() => {
    if (text === q) return undefined;
    const timer = setTimeout(() => amend({ q: text.trim() || null }, { replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => setText((typed) => (typed.trim() === q ? typed : q)), [q]);
  return html`<input class="view-search" type="search" autocomplete="off" maxlength="100" aria-label=${t('contacts.search')} placeholder=${t('contacts.search')}
    value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />`;
}

/** @param {{q: string}} props */
function Rows({ q }) {
  const [found] = useState(() => list({
    size: 50,
    page: (limit, cursor) => api.contacts(q, limit, cursor),
    one: api.contact,
    at: (/** @type {Contact & {rev?: number}} */ contact) => contact.created_at,
  }));
  useEffect(() => {
    found.refresh();
    const ways = [on('snapshot', found.refresh), on('contact', found.refresh)];
    return () => ways.forEach((stop) => stop());
  }, []);
  const rows = found.items.value;
  if (rows === null) return html`<${Skeleton} rows=${6} />`;
  if (rows.length === 0 && q) return html`<p class="empty"><strong>${t('contacts.nobody', { q })}</strong> ${t('contacts.nobody_more')}</p>`;
  if (rows.length === 0) return html`<p class="empty"><strong>${t('contacts.none')}</strong> ${t('contacts.none_more')}</p>`;
  return html`<ul class="rows">${rows.map((contact) => html`<${Row} key=${contact.id} contact=${contact} />`)}</ul><${More} list=${found} />`;
}

/** @param {{contact: Contact}} props */
function Row({ contact }) {
  const [first] = contact.phones;
  const name = nameOf(contact) || (first ? formatPhone(first.number) : t('card.new_client'));
  return html`<li class="row">
    <span class="row-icon"><${Icon} name=${contact.kind === 'lead' ? 'user-plus' : 'user'} /></span>
    <div class="row-main">
      <p class="row-title"><a class="row-open" href=${`/contacts/${encodeURIComponent(contact.id)}`} dir="auto">${name}</a>
        ${contact.kind === 'lead' && html`<span class="badge new">${t('card.new_client')}</span>`}</p>
      <p class="row-more muted">${contact.company && contact.company !== name && html`<span dir="auto">${contact.company}</span>`}
        ${first && isNamed(contact) && html`<span class="figures">${formatPhone(first.number)}</span>`}
        ${contact.responsible && html`<span dir="auto">${contact.responsible.name}</span>`}</p>
    </div>
  </li>`;
}
