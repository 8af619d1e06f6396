// @ts-check
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { shortcuts } from '../core/prefs.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';
import { outcomes } from './settings.js';

/** @typedef {import('../core/types.js').Card} Card */

/** Chooses the outcome, or takes it back. @param {Card} card @param {string} outcome */
export function choose(card, outcome) {
  const next = card.outcome === outcome ? '' : outcome;
  return attempt(async () => {
    touch(card.id);
    await api.changeCall(card.id, { outcome: next });
    amend(card.id, { outcome: next });
  });
}

/** One chip an outcome, one digit key each. @param {{card: Card}} props */
export function Outcome({ card }) {
  if (outcomes.value.length === 0) return null;
  return html`<fieldset class="chips">
    <legend>${t('outcome.title')}</legend>
    ${outcomes.value.map((outcome, index) => html`<button
      key=${outcome} type="button" class="chip" aria-pressed=${card.outcome === outcome}
      aria-keyshortcuts=${shortcuts.value && index < 9 ? String(index + 1) : undefined}
      onClick=${() => choose(card, outcome)}
    >${shortcuts.value && index < 9 && html`<kbd aria-hidden="true">${index + 1}</kbd>`}<span dir="auto">${outcome}</span></button>`)}
  </fieldset>`;
}
