// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { signal } from '../../../vendor/signals.mjs';
import * as api from '../../../core/api.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { bind, hint } from '../../../core/keys.js';
import { list } from '../../../core/list.js';
import { amend, go, route } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { on } from '../../../live/topics.js';
import { FileMenu } from '../../../ui/file-menu.js';
import { Icon } from '../../../ui/icon.js';
import { More } from '../../../ui/more.js';
import { Search } from '../../../ui/search.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { Filters, FILTERS } from './filters.js';
import { leaving } from './removal.js';
import { Row } from './row.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */

/** The number that was searched for, if it was one. @param {string} q */
const numberIn = (q) => (/^[\d\s+()-]+$/.test(q) && q.replace(/\D/g, '').length >= 5 ? q.trim() : '');

/** Where a new contact is made; with the number that was searched for. @param {string} q */
const newAddress = (q) => (numberIn(q) ? `/contacts/new?phone=${encodeURIComponent(numberIn(q))}` : '/contacts/new');

/** The contacts that the filters of the address leave, whom one talked to last first. */
export function ContactList() {
  const { query } = route.value;
  const q = query.get('q') ?? '';
  const asked = new URLSearchParams([...query].filter(([name]) => name === 'q' || FILTERS.includes(name)));
  useEffect(() => bind([
    { id: 'contacts.new', keys: ['n'], words: 'contacts.new', run: () => go(newAddress(route.value.query.get('q') ?? '')) },
    { id: 'contacts.down', keys: ['j'], words: 'contacts.down', run: () => step(1) },
    { id: 'contacts.up', keys: ['k'], words: 'contacts.up', run: () => step(-1) },
  ]), []);
  return html`<div class="view contacts"><div class="view-head"><h1>${t('nav.contacts')}</h1>
      <span class="view-actions">${me.value?.role !== 'operator' && html`<a class="button" href="/contacts/duplicates"><${Icon} name="users" />${t('contacts.duplicates')}</a><a class="button" href="/contacts/import"><${Icon} name="upload" />${t('contacts.import')}</a><${FileMenu} label=${t('contacts.export')} words=${t('contacts.export')} address=${`/api/contacts/export?${asked}`} formats=${['xlsx', 'csv', 'vcf']} />`}
      <a class="button primary" href=${newAddress(q)} title=${t('contacts.new') + hint('contacts.new')}><${Icon} name="user-plus" />${t('contacts.new')}</a></span></div>
    <div class="contacts-tools"><${Search} q=${q} label=${t('contacts.search')} onSearch=${search} /><${Filters} query=${query} /></div>
    <section class="panel" aria-label=${t('nav.contacts')}><${Rows} key=${asked.toString()} asked=${asked} /></section></div>`;
}

/** What is being typed makes no step of its own on the way back. @param {string} words */
const search = (words) => amend({ q: words || null }, { replace: true });

/** To the row after, or before, the one with the focus. @param {1|-1} by */
function step(by) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.contacts .row-open')]);
  const here = rows.findIndex((row) => row.parentElement?.closest('.row')?.contains(document.activeElement));
  rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + by))]?.focus();
}

/** @param {{asked: URLSearchParams}} props */
function Rows({ asked }) {
  const [shownFor] = useState(() => signal(/** @type {string|null} */ (null)));
  const [found] = useState(() => list({
    size: 50,
    page: async (limit, cursor) => {
      const page = await api.contacts(asked, limit, cursor);
      shownFor.value = page.shown_for;
      return page;
    },
    one: api.contact,
    at: (/** @type {Contact & {rev?: number}} */ contact) => contact.last_talk?.at ?? contact.created_at,
  }));
  useEffect(() => {
    found.refresh();
    const ways = [on('snapshot', found.refresh), on('contact', found.refresh), on('missed', found.refresh)];
    return () => ways.forEach((stop) => stop());
  }, []);
  const rows = found.items.value?.filter(({ id }) => !leaving.value.has(id)) ?? null;
  if (rows === null) return html`<${Skeleton} rows=${6} />`;
  if (rows.length === 0 && found.next.value === null) return html`<${Nobody} asked=${asked} />`;
  return html`${shownFor.value && html`<p class="contacts-healed" role="status">${t('contacts.shown_for', { q: shownFor.value })}</p>`}
    <ul class="rows">${rows.map((contact) => html`<${Row} key=${contact.id} contact=${contact} />`)}</ul><${More} list=${found} />`;
}

/** Why nobody is here, and the next step. @param {{asked: URLSearchParams}} props */
function Nobody({ asked }) {
  const q = asked.get('q') ?? '';
  const isFiltered = FILTERS.some((name) => asked.has(name));
  if (isFiltered) return html`<p class="empty"><strong>${t('contacts.none_filtered')}</strong> ${t('contacts.none_filtered_more')}</p>`;
  if (!q) return html`<p class="empty"><strong>${t('contacts.none')}</strong> ${t('contacts.none_more')}</p>`;
  const number = numberIn(q);
  return html`<p class="empty"><strong>${t('contacts.nobody', { q })}</strong> ${t('contacts.nobody_more')}
    ${number && html`<a class="button small" href=${newAddress(q)}>${t('contacts.new_number', { number: formatPhone(number) })}</a>`}</p>`;
}
