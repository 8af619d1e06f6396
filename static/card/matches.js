// @ts-check
import { useState } from '../vendor/hooks.mjs';
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';
import { nameOf } from './who.js';

/** @typedef {import('../core/types.js').ContactRef} ContactRef */

/** More than these stand behind "6 more". */
const MOST = 3;
/** The calls whose contact was chosen here: nobody asks again. @type {{value: Set<string>}} */
const settled = signal(new Set());

/** @param {ContactRef[]} matches in an order that no choice changes */
const inOrder = (matches) => [...matches].sort((a, b) => nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true }) || (a.id < b.id ? -1 : 1));

/** Several contacts have the number: which one is it? @param {{card: import('../core/types.js').Card}} props */
export function Matches({ card }) {
  const [all, setAll] = useState(false);
  if (card.matches.length < 2) return null;
  const ask = (/** @type {boolean} */ again) => {
    const next = new Set(settled.value);
    if (again) next.delete(card.id);
    else next.add(card.id);
    settled.value = next;
  };
  if (settled.value.has(card.id)) {
    return html`<p class="matches-settled"><${Icon} name="check" /><span dir="auto">${t('matches.settled', { who: nameOf(card.contact) })}</span>
      <button type="button" class="button small" onClick=${() => ask(true)}>${t('matches.again')}</button></p>`;
  }
  const choose = (/** @type {ContactRef} */ contact) =>
    attempt(async () => {
      touch(card.id);
      await api.changeCall(card.id, { contact: contact.id });
      amend(card.id, { contact, company: contact.company });
      setAll(false);
      ask(false);
    });
  const matches = inOrder(card.matches);
  const shown = all || matches.length <= MOST + 1 ? matches : matches.slice(0, MOST);
  return html`<section class="matches">
    <h3>${t('matches.title')}</h3>
    <ul>${shown.map((contact) => {
      const chosen = contact.id === card.contact?.id;
      return html`<li key=${contact.id}><button type="button" class="match" aria-pressed=${chosen} onClick=${() => choose(contact)}>
        <span class="match-mark">${chosen && html`<${Icon} name="check" />`}</span>
        <span class="match-name" dir="auto">${nameOf(contact)}${contact.company && contact.name && html`<span class="muted"> ${contact.company}</span>`}</span>
      </button></li>`;
    })}</ul>
    ${shown.length < matches.length && html`<button type="button" class="button small" onClick=${() => setAll(true)}>${t('card.more', { n: matches.length - shown.length })}</button>`}
  </section>`;
}
