// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { signal } from '../../../vendor/signals.mjs';
import * as api from '../../../core/api.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { Icon } from '../../../ui/icon.js';
import { Menu } from '../../../ui/menu.js';

/** By these names they stand in the address, and in the API. */
export const FILTERS = ['responsible', 'kind', 'tag', 'phone'];

/** Everybody, once asked for. @type {import('../../../vendor/signals.mjs').Signal<import('../../../core/types.js').UserRef[]>} */
export const people = signal(/** @type {import('../../../core/types.js').UserRef[]} */ ([]));

/** Asks for everybody, where a name or a choice is shown. */
export function usePeople() {
  useEffect(() => {
    if (people.value.length === 0) api.users().then(({ items }) => (people.value = items), () => {});
  }, []);
  return people.value;
}

/** What narrows the list: two that are always at hand, the chosen ones, and the rest in a menu. @param {{query: URLSearchParams}} props */
export function Filters({ query }) {
  const everybody = usePeople();
  const value = (/** @type {string} */ name) => query.get(name);
  const nameOf = (/** @type {string|null} */ id) => (id === me.value?.id ? t('contacts.mine') : everybody.find((one) => one.id === id)?.name ?? '…');
  const toggle = (/** @type {string} */ name, /** @type {string} */ wanted) => amend({ [name]: value(name) === wanted ? null : wanted });
  const myId = me.value?.id ?? '';
  const quick = (/** @type {string} */ name, /** @type {string} */ wanted, /** @type {string} */ label) => html`<button type="button" class="chip" aria-pressed=${value(name) === wanted} onClick=${() => toggle(name, wanted)}>${label}</button>`;
  const chosen = (/** @type {string} */ name, /** @type {string} */ label) => html`<button type="button" class="chip chosen" aria-label=${t('contacts.unfilter', { filter: label })} onClick=${() => amend({ [name]: null })}><span dir="auto">${label}</span><${Icon} name="x" /></button>`;
  return html`<div class="filters" role="group" aria-label=${t('contacts.filters')}>
    ${quick('responsible', myId, t('contacts.mine'))}
    ${quick('kind', 'lead', t('contacts.leads'))}
    ${value('responsible') && value('responsible') !== myId && chosen('responsible', t('card.responsible_other', { who: nameOf(value('responsible')) }))}
    ${value('kind') === 'client' && chosen('kind', t('contact.kind.client'))}
    ${value('tag') !== null && chosen('tag', t('contacts.tag_is', { tag: value('tag') ?? '' }))}
    ${value('phone') !== null && chosen('phone', t('contacts.phone_is', { phone: formatPhone(value('phone') ?? '') }))}
    <${Menu} label=${t('contacts.filter')} name="" look="chip" face=${html`${t('contacts.filter')}<${Icon} name="chevron-down" />`}><${Form} query=${query} everybody=${everybody} /></${Menu}>
  </div>`;
}

/** @param {{query: URLSearchParams, everybody: import('../../../core/types.js').UserRef[]}} props */
function Form({ query, everybody }) {
  const [typed, setTyped] = useState({ tag: query.get('tag') ?? '', phone: query.get('phone') ?? '' });
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault();
    amend({ tag: typed.tag.trim() || null, phone: typed.phone.trim() || null });
  };
  const choose = (/** @type {string} */ name) => (/** @type {any} */ event) => amend({ [name]: event.currentTarget.value || null });
  const type = (/** @type {string} */ name) => (/** @type {any} */ event) => setTyped({ ...typed, [name]: event.currentTarget.value });
  return html`<form class="filter-form" onSubmit=${apply}>
    <div class="field"><label for="filter-responsible">${t('card.responsible')}</label>
      <select id="filter-responsible" value=${query.get('responsible') ?? ''} onChange=${choose('responsible')}>
        <option value="">${t('contacts.anybody')}</option>${everybody.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}</select></div>
    <div class="field"><label for="filter-kind">${t('contact.kind')}</label>
      <select id="filter-kind" value=${query.get('kind') ?? ''} onChange=${choose('kind')}>
        <option value="">${t('contacts.any_kind')}</option><option value="client">${t('contact.kind.client')}</option><option value="lead">${t('contact.kind.lead')}</option></select></div>
    <div class="field"><label for="filter-tag">${t('contacts.tag')}</label><input id="filter-tag" maxlength="50" autocomplete="off" value=${typed.tag} onInput=${type('tag')} /></div>
    <div class="field"><label for="filter-phone">${t('contacts.phone')}</label><input id="filter-phone" type="tel" maxlength="40" autocomplete="off" value=${typed.phone} onInput=${type('phone')} /></div>
    <button class="button">${t('contacts.show')}</button>
  </form>`;
}
