// @ts-check
import { shortcuts } from '../core/prefs.js';
import { me } from '../core/session.js';
import { stack } from './cards.js';
import { choose } from './outcome.js';
import { phaseOf } from './phase.js';
import { pinned } from './places.js';
import { outcomes } from './settings.js';

/**
 * A digit chooses an outcome on the card that has the focus; with Alt also from elsewhere, on the card at the bottom, else on
 * the newest one that ended. A digit that is typed anywhere else is a number and nothing more.
 * @param {KeyboardEvent} event
 */
export function chooseByKey(event) {
  if (!shortcuts.value || event.ctrlKey || event.metaKey || event.repeat) return;
  const digit = event.altKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : /^[1-9]$/.exec(event.key)?.[0];
  const outcome = outcomes.value[Number(digit) - 1];
  if (!outcome || (!event.altKey && isTyping(event.target))) return;
  const focused = document.activeElement?.closest('[data-call]')?.getAttribute('data-call');
  const ended = stack.value.map(({ card }) => card).filter((card) => ['ended', 'unreached'].includes(phaseOf(card, me.value)));
  const elsewhere = event.altKey ? (ended.find(({ id }) => id === pinned.value?.card.id) ?? ended[0]) : undefined;
  const card = focused ? ended.find(({ id }) => id === focused) : elsewhere;
  if (!card) return;
  event.preventDefault();
  choose(card, outcome);
}

/** @param {EventTarget|null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}
