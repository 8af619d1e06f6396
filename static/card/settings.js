// @ts-check
/** What the owner has set that the card needs. */
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';

/** @typedef {import('../core/types.js').Outcome} Outcome */

/** Those of the past too: calls keep them. @type {{value: Outcome[]}} */
export const outcomes = signal([]);

export async function loadSettings() {
  const settings = await api.settings();
  outcomes.value = settings.outcomes ?? [];
}

/** What may be said of this call, in the owner's order. @param {import('../core/types.js').Call} call */
export function outcomesOf(call) {
  const kind = call.direction === 'out' ? 'out' : call.state === 'missed' ? 'missed' : 'in';
  return outcomes.value.filter((one) => call.outcome === one.id || (!one.is_archived && one.applies.includes(kind)));
}

/** @param {string} id */
export const outcomeName = (id) => outcomes.value.find((one) => one.id === id)?.name ?? '';
