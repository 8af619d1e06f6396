// @ts-check
/**
 * The one registry of keys: what they do, what the tooltips say, and what a list of them shows. A Latin letter counts as it is
 * typed, so that Dvorak works; any other letter counts by its place, so that a Russian layout does.
 */
import { signal } from '../vendor/signals.mjs';
import { shortcuts } from './prefs.js';

/**
 * @typedef {object} Key
 * @property {string} id
 * @property {string[]} keys each a combination or a sequence: `j`, `g c`, `/`, `Ctrl+k`, `Alt+1`, `Enter`; none: the palette alone
 * @property {string} words the sentence that says what it does, by its key in the dictionary
 * @property {() => boolean} [when] whether it does anything now
 * @property {boolean} [everywhere] also while somebody types, and when single keys are switched off: for Ctrl and Alt alone
 * @property {string} [group] where the sheet lists it; absent: among those of the section
 * @property {boolean} [offered] whether the palette offers it among the actions
 * @property {(event: KeyboardEvent) => void} run
 */

/** How long the second key of a sequence is waited for. */
const SEQUENCE_MS = 1200;

/** What can be pressed, what was bound last first. @type {import('../vendor/signals.mjs').Signal<Key[]>} */
export const keys = signal(/** @type {Key[]} */ ([]));

/** The keys pressed so far of a sequence. @type {string[]} */
let begun = [];
let begunAt = 0;

/** Binds them; gives the way to unbind them. @param {Key[]} bound @returns {() => void} */
export function bind(bound) {
  keys.value = [...bound, ...keys.value];
  return () => (keys.value = keys.value.filter((key) => !bound.includes(key)));
}

/** What to press, for a tooltip: ` (g c)`; nothing while single keys are switched off. @param {string} id */
export function hint(id) {
  const key = keys.value.find((one) => one.id === id);
  return key?.keys[0] && (shortcuts.value || key.everywhere) ? ` (${shown(key.keys[0])})` : '';
}

/** What stands on the keys: `Ctrl+k` → `Ctrl K`. @type {Record<string, string>} */
const NAMES = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Ctrl: /Mac|iP(ad|hone)/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl' };

/** As a person reads it. @param {string} combination */
export function shown(combination) {
  if (!combination.includes('+')) return NAMES[combination] ?? combination;
  return combination.split('+').map((one) => NAMES[one] ?? (one.length === 1 ? one.toUpperCase() : one)).join(' ');
}

/** From now on the page's keys are heard. */
export const follow = () => document.addEventListener('keydown', hear);

/** @param {KeyboardEvent} event */
function hear(event) {
  const name = nameOf(event);
  if (event.defaultPrevented || event.isComposing || name === null || document.querySelector('dialog:modal')) return;
  const pressed = performance.now() - begunAt < SEQUENCE_MS ? [...begun, name] : [name];
  begun = [];
  const typing = isTyping(event.target);
  const able = keys.value.filter((key) => (key.everywhere || (shortcuts.value && !typing)) && (key.when?.() ?? true));
  const found = find(able, pressed.join(' ')) ?? find(able, name);
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (able.some((key) => key.keys.some((one) => one.startsWith(`${pressed.join(' ')} `)))) {
    begun = pressed;
    begunAt = performance.now();
  }
}

/** @param {Key[]} able @param {string} pressed */
const find = (able, pressed) => able.find((key) => key.keys.includes(pressed));

/** What was pressed, as `Key.keys` writes it; null: a modifier alone. @param {KeyboardEvent} event @returns {string|null} */
export function nameOf(event) {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(event.key)) return null;
  const key = baseOf(event);
  const isNamed = /^[a-z]$/.test(key) || key.length > 1;
  return [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', event.shiftKey && isNamed ? 'Shift' : '', key].filter(Boolean).join('+');
}

/** @param {KeyboardEvent} event */
function baseOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter) return letter.toLowerCase();
  if (event.key === ' ') return 'Space';
  if (event.code === 'Slash') return event.shiftKey ? '?' : '/';
  // With Alt, some systems type another character.
  const digit = event.altKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined;
  return digit ?? event.key;
}

const TYPED = 'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select';

/** Whether keys are text here. @param {EventTarget|null} target */
export const isTyping = (target) => target instanceof HTMLElement && (target.matches(TYPED) || target.isContentEditable);
