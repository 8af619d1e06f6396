// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Clear } from './clear.js';
import { Facet } from './facet.js';
import { FACETS, inUse, isUsed, LINKED, NAMES } from './filter.js';
import { choices, load, loadContact, wordsOf } from './names.js';
import { Period } from './period.js';

const clearAll = () => amend(Object.fromEntries(NAMES.map((name) => [name, null])));

/** A button a filter; what is chosen stands on it. On a phone they lie behind one. @param {{filter: URLSearchParams}} props */
export function Filters({ filter }) {
  const [isOpen, setOpen] = useState(false);
  const contacts = filter.getAll('contact');
  useEffect(() => void load(), []);
  useEffect(() => contacts.forEach((id) => loadContact(id).catch(() => {})), [contacts.join()]);
  const used = inUse(filter);
  const isOffered = (/** @type {string} */ name) => used.includes(name) || choices(name).length > (name === 'integration' ? 1 : 0);
  return html`<div class=${`filters ${isOpen ? 'unfolded' : ''}`} role="group" aria-label=${t('calls.filters')}>
    <button type="button" class="button small filters-fold" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      <${Icon} name="list-filter" />${t('calls.filters')}${used.length > 0 && html` <span class="figures">${used.length}</span>`}</button>
    <${Period} filter=${filter} />
    ${FACETS.filter(isOffered).map((name) => html`<${Facet} key=${name} name=${name} filter=${filter} />`)}
    ${LINKED.filter((name) => isUsed(filter, name)).map((name) => html`<span key=${name} class="facet used"><span class="facet-open">${t(`calls.filter.${name}`)}: <span dir="auto">${wordsOf(filter, name)}</span></span><${Clear} name=${name} /></span>`)}
    ${used.length > 0 && html`<button type="button" class="button small filters-clear" onClick=${clearAll}>${t('calls.clear_all')}</button>`}
  </div>`;
}
