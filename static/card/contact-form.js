// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { explain } from '../core/errors.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { focus } from '../ui/focus.js';
import { say } from '../ui/toast.js';
import { AlertFields } from './alert.js';
import { amend, touch } from './cards.js';
import { changeDraft, contactDraft, forgetDraft } from './contact-drafts.js';
import { number } from './who.js';

/**
 * A new contact in place, the number filled in; what is typed is a draft.
 * @param {{card: import('../core/types.js').Card, asked: boolean}} props asked: the person opened it just now
 */
export function ContactForm({ card, asked }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const draft = contactDraft(card.id);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await create(card);
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  const change = (/** @type {Partial<import('./contact-drafts.js').ContactDraft>} */ one) => {
    touch(card.id);
    changeDraft(card.id, one);
  };
  const typed = (/** @type {'name'|'company'} */ field) => (/** @type {any} */ event) => change({ [field]: event.currentTarget.value });
  const id = (/** @type {string} */ name) => `${name}-${card.id}`;
  return html`<form class="contact-form" onSubmit=${save}>
    <h3>${t('contact.title')} <span class="figures muted">${number(card.phone, card.phone_formatted)}</span></h3>
    <div class="field"><label for=${id('name')}>${t('contact.name')}</label>
      <input id=${id('name')} ref=${asked ? focus : null} required maxlength="200" autocomplete="off" value=${draft.name} onInput=${typed('name')} /></div>
    <div class="field"><label for=${id('company')}>${t('contact.company')}</label>
      <input id=${id('company')} maxlength="200" autocomplete="off" value=${draft.company} onInput=${typed('company')} /></div>
    <${AlertFields} id=${card.id} alert=${draft.alert} vip=${draft.vip} onChange=${change} />
    <label class="check"><input type="checkbox" checked=${draft.isMine}
      onChange=${(/** @type {any} */ event) => changeDraft(card.id, { isMine: event.currentTarget.checked })} />${t('contact.mine')}</label>
    ${error && html`<p class="error" role="alert">${error}</p>`}
    <div class="buttons">
      <button class="button primary" disabled=${busy}>${t('contact.save')}</button>
      <button type="button" class="button" onClick=${() => changeDraft(card.id, { isOpen: false })}>${t('contact.cancel')}</button>
    </div>
  </form>`;
}

/** @param {import('../core/types.js').Card} card */
async function create(card) {
  const { name, company, alert, vip, isMine } = contactDraft(card.id);
  const contact = await api.createContact({
    name: name.trim(),
    company: company.trim(),
    alert,
    vip,
    phones: [{ number: card.phone, label: '' }],
    responsible: isMine ? (me.value?.id ?? null) : null,
  });
  forgetDraft(card.id);
  amend(card.id, {
    contact: { id: contact.id, name: contact.name, company: contact.company },
    company: contact.company,
    alert: contact.alert,
    vip: contact.vip,
    responsible: contact.responsible,
  });
  await api.changeCall(card.id, { contact: contact.id });
  say({ text: t('contact.saved', { name: contact.name }) });
}
