// @ts-check
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';

/** Several contacts have the number: which one is it? @param {{card: import('../core/types.js').Card}} props */
export function Matches({ card }) {
  if (card.matches.length < 2) return null;
  const choose = (/** @type {import('../core/types.js').ContactRef} */ contact) =>
    attempt(async () => {
      touch(card.id);
      await api.changeCall(card.id, { contact: contact.id });
      amend(card.id, { contact, company: contact.company });
    });
  return html`<section class="matches">
    <h3>${t('matches.title')}</h3>
    <ul>${card.matches.map((contact) => {
      const chosen = contact.id === card.contact?.id;
      return html`<li key=${contact.id}><button type="button" class="match" aria-pressed=${chosen} onClick=${() => choose(contact)}>
        <span class="match-mark">${chosen && html`<${Icon} name="check" />`}</span>
        <span dir="auto">${contact.name || contact.company}</span>
        ${contact.company && contact.name && html`<span class="muted" dir="auto">${contact.company}</span>`}
      </button></li>`;
    })}</ul>
  </section>`;
}
