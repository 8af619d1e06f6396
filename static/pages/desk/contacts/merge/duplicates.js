// @ts-check
import { useEffect, useState } from '../../../../vendor/hooks.mjs';
import { nameOf } from '../../../../card/who.js';
import * as api from '../../../../core/api.js';
import { formatPhone } from '../../../../core/format.js';
import { html } from '../../../../core/html.js';
import { loadPart, t } from '../../../../core/i18n.js';
import { loadStyle } from '../../../../core/styles.js';
import { on } from '../../../../live/topics.js';
import { Icon } from '../../../../ui/icon.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { attempt } from '../../../../ui/toast.js';

await Promise.all([loadPart('merge'), loadStyle('import')]);

/** @typedef {import('../../../../core/types.js').Pair} Pair */

/** A page of the server looks for a bounded time: so many of them are asked for before a person has to. */
const MOST_PAGES = 20;

/** Where two contacts are looked at side by side. @param {string} mine @param {string} theirs */
export const addressOf = (mine, theirs) => `/contacts/merge?${new URLSearchParams({ mine, theirs })}`;

/** Who may be one, in pairs. */
export function DuplicatesPage() {
  const [pairs, setPairs] = useState(/** @type {Pair[]|null} */ (null));
  const [next, setNext] = useState(/** @type {string|null} */ (null));
  const read = async (/** @type {Pair[]} */ before, /** @type {string|null} */ from) => {
    let [found, cursor] = [before, from];
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await api.duplicates(cursor);
      [found, cursor] = [[...found, ...page.items], page.next];
      if (cursor === null || found.length - before.length >= 50) break;
    }
    setPairs(found);
    setNext(cursor);
  };
  const anew = () => attempt(() => read([], null));
  useEffect(() => {
    anew();
    const ways = [on('snapshot', anew), on('contact', anew)];
    return () => ways.forEach((stop) => stop());
  }, []);
  return html`<div class="view"><p><a href="/contacts">${t('contacts.back')}</a></p><h1>${t('merge.duplicates')}</h1>
    <p class="hint">${t('merge.duplicates_more')}</p>
    <section class="panel" aria-label=${t('merge.duplicates')}>${pairs === null ? html`<${Skeleton} rows=${5} />` : pairs.length === 0 && next === null
      ? html`<p class="empty"><strong>${t('merge.none')}</strong> ${t('merge.none_more')}</p>`
      : html`<ul class="rows">${pairs.map((pair) => html`<${Row} key=${pair.contacts.map(({ id }) => id).join()} pair=${pair} />`)}</ul>
        ${next && html`<div class="panel-foot"><button type="button" class="button" onClick=${() => attempt(() => read(pairs, next))}>${t('merge.further')}</button></div>`}`}</section></div>`;
}

/** @param {{pair: Pair}} props */
function Row({ pair: { by, value, contacts } }) {
  const [one, other] = contacts;
  if (!one || !other) return null;
  const why = t(`merge.by.${by}`, { value: by === 'number' ? formatPhone(value) : value });
  return html`<li class="row duplicate-row"><span class="row-icon"><${Icon} name="users" /></span>
    <div class="row-main"><p class="row-title"><a href=${addressOf(one.id, other.id)} dir="auto">${shown(one)} <span class="muted">·</span> ${shown(other)}</a></p>
      <p class="row-more muted"><span dir="auto">${why}</span></p></div>
    <a class="button small" href=${addressOf(one.id, other.id)}>${t('merge.compare')}</a></li>`;
}

/** @param {import('../../../../core/types.js').Contact} contact */
export const shown = (contact) => nameOf(contact) || formatPhone(contact.phones[0]?.number ?? '') || contact.email || t('card.new_client');
