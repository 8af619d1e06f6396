// @ts-check
/** Where each card stands: one in full at the bottom, which never moves while it is in use; the others as strips above it. */
import { computed, signal } from '../vendor/signals.mjs';
import { me } from '../core/session.js';
import { inUse, isHeld, stack, touch } from './cards.js';
import { isPassing, phaseOf } from './phase.js';

/** @typedef {import('./cards.js').Shown} Shown */

/** The card that the person opened by hand, until it has the focus. @type {{value: string}} */
export const opened = signal('');

/** Brings the card to the bottom; it stays until it is sent away. @param {string} id */
export function open(id) {
  touch(id);
  opened.value = id;
}

const RINGING = new Set(['ringing', 'stopping']);

/** The card at the bottom last time. */
let last = '';

/** The card at the bottom, null when all are strips. @type {{value: Shown|null}} */
export const pinned = computed(() => {
  const chosen = choose(stack.value);
  last = chosen?.card.id ?? '';
  return chosen;
});

/** The others, newest first. */
export const others = computed(() => stack.value.filter((one) => one !== pinned.value));

/** The calls of the strips, from the card upwards. @type {string[]} */
let slots = [];

/**
 * The strips to show, from the top down. Each stays in its place: a new one comes on top, and what waited for room comes where
 * one has gone. Who rings takes the place of one who does not.
 * @param {number} most
 * @returns {Shown[]}
 */
export function arrange(most) {
  const byId = new Map(others.value.map((one) => [one.card.id, one]));
  const isPressing = (/** @type {string} */ id) => RINGING.has(phaseOf(/** @type {Shown} */ (byId.get(id)).card, me.value));
  const waiting = [...byId.keys()].filter((id) => !slots.includes(id)).reverse();
  const pressing = waiting.filter(isPressing);
  const rest = waiting.filter((id) => !pressing.includes(id));
  const next = () => pressing.shift() ?? rest.shift();
  const isFull = slots.length >= most;
  slots = slots.flatMap((id) => {
    if (byId.has(id)) return [isFull && !isPressing(id) ? (pressing.shift() ?? id) : id];
    return isFull ? [next()].filter((filler) => filler !== undefined) : [];
  }).slice(0, most);
  for (let id = next(); id !== undefined && slots.length < most; id = next()) slots.push(id);
  return slots.map((id) => /** @type {Shown} */ (byId.get(id))).reverse();
}

/** @param {Shown[]} cards newest first */
function choose(cards) {
  const full = cards.filter((one) => !isLine(one));
  const byId = (/** @type {string} */ id) => full.find(({ card }) => card.id === id);
  const before = byId(last);
  const focused = full.find(({ card }) => inUse.value.get(card.id) === 'focus');
  if (focused) return focused;
  if (byId(opened.value)) return byId(opened.value) ?? null;
  if (before && (isTalk(before) || inUse.value.has(last))) return before;
  const talk = full.find(isTalk);
  if (talk) return talk;
  if (before && rings(before)) return before;
  return full.find(rings) ?? before ?? full[0] ?? null;
}

/** @param {Shown} one */
const isLine = ({ card }) => isPassing(card, me.value) && card.id !== opened.value && !isHeld(card.id, 'focus');
/** @param {Shown} one */
const isTalk = ({ card }) => phaseOf(card, me.value) === 'mine';
/** @param {Shown} one */
const rings = ({ card }) => phaseOf(card, me.value) === 'ringing';
