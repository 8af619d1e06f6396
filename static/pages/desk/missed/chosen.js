// @ts-check
/** The row that the keys mean. When it leaves the list, the one that comes to stand in its place is chosen. */
import { signal } from '../../../vendor/signals.mjs';

/** @type {{value: string}} empty: none */
export const chosen = signal('');

/** The rows as they are shown, by their ids. @type {string[]} */
let shown = [];

/** @param {string} id */
const element = (id) => document.getElementById(`missed-${id}`);

/** These rows are shown now. @param {string[]} ids */
export function stand(ids) {
  const place = shown.indexOf(chosen.value);
  shown = ids;
  if (place < 0 || ids.includes(chosen.value)) return;
  choose(ids[Math.min(place, ids.length - 1)] ?? '');
}

/** The row that stands beside this one: chosen when this one is done with. @param {string} id */
export function beside(id) {
  const place = shown.indexOf(id);
  return shown[place + 1] ?? shown[place - 1] ?? '';
}

/** Chooses it; the focus comes along from another row, and from nowhere. @param {string} id */
export function choose(id) {
  chosen.value = id;
  const focused = document.activeElement;
  if (focused === document.body || focused?.closest('.waiting')) element(id)?.focus({ preventScroll: true });
}

/** Chooses the row so many further down. @param {number} by */
export function step(by) {
  const place = shown.indexOf(chosen.value);
  const next = place < 0 ? 0 : Math.max(0, Math.min(place + by, shown.length - 1));
  chosen.value = shown[next] ?? '';
  element(chosen.value)?.focus();
}
