// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { attempt } from '../ui/toast.js';
import { AlertFields } from './alert.js';
import { amend, touch } from './cards.js';

/** Whether a known client comes first, and what to know before one answers him. @param {{card: import('../core/types.js').Card, contact: string}} props */
export function AlertForm({ card, contact }) {
  const [typed, setTyped] = useState({ alert: card.alert, vip: card.vip });
  const isChanged = typed.alert.trim() !== card.alert || typed.vip !== card.vip;
  const change = (/** @type {object} */ one) => {
    touch(card.id);
    setTyped({ ...typed, ...one });
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    return attempt(async () => {
      const { alert, vip } = await api.changeContact(contact, typed);
      setTyped({ alert, vip });
      amend(card.id, { alert, vip });
    });
  };
  return html`<form class="contact-form" onSubmit=${save}>
    <${AlertFields} id=${card.id} ...${typed} onChange=${change} />
    ${isChanged && html`<div class="buttons"><button class="button primary">${t('client.save')}</button></div>`}
  </form>`;
}
