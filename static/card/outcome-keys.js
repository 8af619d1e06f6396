// @ts-check
import { bind } from '../core/keys.js';
import { shortcuts } from '../core/prefs.js';
import { me } from '../core/session.js';
import { stack } from './cards.js';
import { choose } from './outcome.js';
import { phaseOf } from './phase.js';
import { pinned } from './places.js';
import { outcomesOf } from './settings.js';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * A digit chooses an outcome on the card that has the focus; with Alt also from elsewhere, on the card at the bottom, else on
 * the newest one that ended. A digit that is typed anywhere else is a number and nothing more.
 */
export const bindOutcomeKeys = () => bind([
  { id: 'digit', keys: DIGITS, words: 'keys.outcome', group: 'keys.card', when: () => focused() !== undefined, run: (event) => chooseBy(event, focused()) },
  {
    id: 'alt-digit',
    keys: DIGITS.map((digit) => `Alt+${digit}`),
    words: 'keys.outcome_last',
    group: 'keys.card',
    everywhere: true,
    when: () => shortcuts.value && meant() !== undefined,
    run: (event) => chooseBy(event, meant()),
  },
]);

/** @typedef {import('../core/types.js').Card} Card */

/** @param {Card} card @param {string[]} phases */
const isIn = (card, phases) => phases.includes(phaseOf(card, me.value));

const focusedId = () => document.activeElement?.closest('[data-call]')?.getAttribute('data-call');

/** The card that has the focus. */
function focused() {
  const id = focusedId();
  return stack.value.map(({ card }) => card).find((card) => card.id === id && isIn(card, ['ended', 'unreached', 'missed']));
}

/** The one that is meant from wherever the focus is. */
function meant() {
  if (focusedId()) return focused();
  const ended = stack.value.map(({ card }) => card).filter((card) => isIn(card, ['ended', 'unreached']));
  return ended.find(({ id }) => id === pinned.value?.card.id) ?? ended[0];
}

/** With Alt, some systems type another character. @param {KeyboardEvent} event @param {Card|undefined} card */
function chooseBy(event, card) {
  const digit = /^Digit([1-9])$/.exec(event.altKey ? event.code : '')?.[1] ?? event.key;
  const outcome = card && outcomesOf(card)[Number(digit) - 1];
  if (card && outcome && !event.repeat) choose(card, outcome);
}
