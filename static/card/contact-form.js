// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { explain } from '../core/errors.js';
import { formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { focus } from '../ui/focus.js';
import { say } from '../ui/toast.js';
import { amend, touch } from './cards.js';

/** A new contact in place, the number filled in. @param {{card: import('../core/types.js').Card, onDone: () => void}} props */
export function ContactForm({ card, onDone }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await create(card, fields);
      onDone();
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  const id = (/** @type {string} */ name) => `${name}-${card.id}`;
  return html`<form class="contact-form" onSubmit=${save}>
    <h3>${t('contact.title')} <span class="figures muted">${formatPhone(card.phone)}</span></h3>
    <div class="field"><label for=${id('name')}>${t('contact.name')}</label>
      <input id=${id('name')} name="name" ref=${focus} required maxlength="200" autocomplete="off" onInput=${() => touch(card.id)} /></div>
    <div class="field"><label for=${id('company')}>${t('contact.company')}</label>
      <input id=${id('company')} name="company" maxlength="200" autocomplete="off" /></div>
    <label class="check"><input type="checkbox" name="mine" checked />${t('contact.mine')}</label>
    ${error && html`<p class="error" role="alert">${error}</p>`}
    <div class="buttons">
      <button class="button primary" disabled=${busy}>${t('contact.save')}</button>
      <button type="button" class="button" onClick=${onDone}>${t('contact.cancel')}</button>
    </div>
  </form>`;
}

/** @param {import('../core/types.js').Card} card @param {FormData} fields */
async function create(card, fields) {
  const mine = fields.get('mine') !== null ? me.value : null;
  const contact = await api.createContact({
    name: String(fields.get('name')).trim(),
    company: String(fields.get('company')).trim(),
    phones: [{ number: card.phone, label: '' }],
    responsible: mine?.id ?? null,
  });
  amend(card.id, {
    contact: { id: contact.id, name: contact.name, company: contact.company },
    company: contact.company,
    responsible: contact.responsible,
  });
  await api.changeCall(card.id, { contact: contact.id });
  say({ text: t('contact.saved', { name: contact.name }) });
}
