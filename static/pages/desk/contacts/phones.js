// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { focus } from '../../../ui/focus.js';
import { Icon } from '../../../ui/icon.js';
import { Owners, useOwners } from './owners.js';
import { Phone } from './phone.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */
/** @typedef {{contact: Contact, save: import('./facts.js').Save}} Props */

/** A client's numbers, and one more. @param {Props} props */
export function Phones({ contact, save }) {
  const [isAdding, setAdding] = useState(false);
  const { phones } = contact;
  const keep = (/** @type {Contact['phones']} */ wanted) => save({ phones: wanted }, { phones });
  const label = (/** @type {string} */ number) => (/** @type {string} */ value) => keep(phones.map((one) => (one.number === number ? { number, label: value } : one)));
  const without = (/** @type {string} */ number) => keep(phones.filter((one) => one.number !== number)).catch(() => {});
  return html`<ul class="contact-phones" aria-label=${t('contact.phones')}>${phones.map((phone) => html`<${Phone} key=${phone.number} phone=${phone}
      onLabel=${label(phone.number)} onRemove=${() => without(phone.number)} />`)}</ul>
    ${isAdding ? html`<${Adding} contact=${contact} save=${save} onDone=${() => setAdding(false)} />`
    : html`<button type="button" class="button small" onClick=${() => setAdding(true)}><${Icon} name="phone" />${t('contacts.add_phone')}</button>`}`;
}

/** @param {Props & {onDone: () => void}} props */
function Adding({ contact, save, onDone }) {
  const [typed, setTyped] = useState({ number: '', label: '' });
  const [error, setError] = useState('');
  const owners = useOwners(typed.number, contact.id);
  const type = (/** @type {string} */ name) => (/** @type {any} */ event) => setTyped({ ...typed, [name]: event.currentTarget.value });
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await save({ phones: [...contact.phones, typed] }, { phones: contact.phones });
      onDone();
    } catch (refusal) {
      setError(explain(refusal));
    }
  };
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onDone();
  };
  return html`<form class="fact-form" onSubmit=${add} onKeyDown=${escape}>
    <div class="add-phone"><input type="tel" ref=${focus} required maxlength="100" autocomplete="off" aria-label=${t('contacts.phone')} placeholder=${t('contacts.phone')} value=${typed.number} onInput=${type('number')} />
      <input maxlength="50" autocomplete="off" aria-label=${t('contacts.label')} placeholder=${t('contacts.label_example')} value=${typed.label} onInput=${type('label')} /></div>
    <${Owners} owners=${owners} />
    ${error && html`<p class="error" role="alert">${error}</p>`}
    <div class="buttons"><button class="button small primary">${t(owners.length ? 'contacts.add_anyway' : 'contacts.add')}</button><button type="button" class="button small" onClick=${onDone}>${t('contact.cancel')}</button></div>
  </form>`;
}
