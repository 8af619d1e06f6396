// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { attempt } from '../../../ui/toast.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */

/** So often somebody else may write first. */
const TRIES = 5;

/** What is written here is added to the client's note: two who write at once both have their say. @param {{contact: Contact, onSaved: (contact: Contact) => void}} props */
export function Composer({ contact, onSaved }) {
  const [text, setText] = useState('');
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!text.trim()) return;
    if (await attempt(async () => onSaved(await append(contact, text.trim())))) setText('');
  };
  const press = (/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && save(event);
  return html`<form class="composer" onSubmit=${save} onKeyDown=${press}>
    <textarea id="composer" maxlength="5000" aria-label=${t('contacts.write')} placeholder=${t('contacts.write')} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>
    ${text.trim() && html`<div class="buttons"><button class="button small primary" title="Ctrl+Enter">${t('contacts.write_save')}</button></div>`}
  </form>`;
}

/** @param {Contact} contact @param {string} text */
async function append(contact, text) {
  let { note } = contact;
  for (let left = TRIES; ; left -= 1) {
    try {
      return await api.changeContact(contact.id, { note: note ? `${note}\n${text}` : text, seen: { note } });
    } catch (refusal) {
      if (!(refusal instanceof api.Refusal) || refusal.code !== 'contact_changed' || left === 0) throw refusal;
      ({ note } = refusal.problem.contact);
    }
  }
}
