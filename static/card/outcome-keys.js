// @ts-check
import { shortcuts } from '../core/prefs.js';
import { me } from '../core/session.js';
import { stack } from './cards.js';
import { choose } from './outcome.js';
import { phaseOf } from './phase.js';
import { pinned } from './places.js';
import { outcomesOf } from './settings.js';

/**
 * A digit chooses an outcome on the card that has the focus; with Alt also from elsewhere, on the card at the bottom, else on
 * the newest one that ended. A digit that is typed anywhere else is a number and nothing more.
 * @param {KeyboardEvent} event
 */
export function chooseByKey(event) {
  if (!shortcuts.value || event.ctrlKey || event.metaKey || event.repeat) return;
  const digit = event.altKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : /^[1-9]$/.exec(event.key)?.[0];
  if (!digit || (!event.altKey && isTyping(event.target))) return;
  const focused = document.activeElement?.closest('[data-call]')?.getAttribute('data-call');
  const isIn = (/** @type {import('../core/types.js').Card} */ card, /** @type {string[]} */ phases) => phases.includes(phaseOf(card, me.value));
  const cards = stack.value.map(({ card }) => card);
  const ended = cards.filter((card) => isIn(card, ['ended', 'unreached']));
  const elsewhere = event.altKey ? (ended.find(({ id }) => id === pinned.value?.card.id) ?? ended[0]) : undefined;
  const card = focused ? cards.find((one) => one.id === focused && isIn(one, ['ended', 'unreached', 'missed'])) : elsewhere;
  const outcome = card && outcomesOf(card)[Number(digit) - 1];
  if (!outcome) return;
  event.preventDefault();
  choose(card, outcome);
}

/** @param {EventTarget|null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}
