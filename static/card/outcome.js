// @ts-check
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { shortcuts } from '../core/prefs.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';
import { outcomesOf } from './settings.js';

/** @typedef {import('../core/types.js').Card} Card */

/** The call whose chosen outcome asks for a promise, until one is made. @type {{value: string}} */
export const asksPromise = signal('');

/** Chooses the outcome, or takes it back; what it asks for is opened. @param {Card} card @param {import('../core/types.js').Outcome} outcome */
export async function choose(card, outcome) {
  const isTaken = card.outcome !== outcome.id;
  const next = isTaken ? outcome.id : '';
  const done = await attempt(async () => {
    touch(card.id);
    await api.changeCall(card.id, { outcome: next });
    amend(card.id, { outcome: next });
  });
  if (!done) return;
  asksPromise.value = isTaken && outcome.asks === 'promise' ? card.id : '';
  if (isTaken && outcome.asks === 'note') document.getElementById(`note-${card.id}`)?.focus();
}

/** One chip an outcome, one digit key each. @param {{card: Card}} props */
export function Outcome({ card }) {
  const outcomes = outcomesOf(card);
  if (outcomes.length === 0) return null;
  return html`<fieldset class="chips">
    <legend>${t('outcome.title')}</legend>
    ${outcomes.map((outcome, index) => html`<button
      key=${outcome.id} type="button" class="chip" aria-pressed=${card.outcome === outcome.id}
      aria-keyshortcuts=${shortcuts.value && index < 9 ? String(index + 1) : undefined}
      onClick=${() => choose(card, outcome)}
    >${shortcuts.value && index < 9 && html`<kbd aria-hidden="true">${index + 1}</kbd>`}<span dir="auto">${outcome.name}</span></button>`)}
  </fieldset>`;
}
