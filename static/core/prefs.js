// @ts-check
/** What this browser remembers: signals kept in localStorage and followed by its other tabs. */
import { signal } from '../vendor/signals.mjs';

/** @type {Map<string, (text: string|null) => void>} */
const followers = new Map();

/**
 * A signal whose value outlives the page.
 * @template T
 * @param {string} name
 * @param {T} initial
 */
export function preference(name, initial) {
  const key = `ringcard.${name}`;
  const kept = signal(parse(read(key), initial));
  let last = read(key);
  followers.set(key, (text) => {
    last = text;
    kept.value = parse(text, initial);
  });
  kept.subscribe((/** @type {T} */ value) => {
    const text = JSON.stringify(value);
    if (text === (last ?? JSON.stringify(initial))) return;
    last = text;
    write(key, text);
  });
  return kept;
}

addEventListener('storage', (event) => {
  if (event.key) followers.get(event.key)?.(event.newValue);
});

/** @type {{value: 'auto'|'light'|'dark'}} */
export const theme = preference('theme', 'auto');
/** @type {{value: string}} empty: as the browser says */
export const language = preference('language', '');
/** @type {{value: boolean}} */
export const sound = preference('sound', false);
/** @type {{value: boolean}} */
export const notifications = preference('notifications', false);
/** The desk phone rings by itself: no sound and no pop-up here. @type {{value: boolean}} */
export const deskPhone = preference('desk_phone', false);
/** Single keys do something: 1…9, g c. @type {{value: boolean}} */
export const shortcuts = preference('shortcuts', true);
/** A page is kept for when the server cannot be reached. @type {{value: boolean}} */
export const offlinePage = preference('offline_page', true);
/** How fast recordings are played. @type {{value: number}} */
export const speed = preference('speed', 1);
/** After a recording the list's next one is played. @type {{value: boolean}} */
export const playsOn = preference('plays_on', false);
/** A manager who wants every card. @type {{value: boolean}} */
export const watchAll = preference('watch_all', false);

/** @param {string} key */
export function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is forbidden here: nothing outlives the page
  }
}

/**
 * @param {string} key
 * @param {string|null} text null forgets
 */
export function write(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // full or forbidden: the value lives as long as the page
  }
}

/**
 * @template T
 * @param {string|null} text
 * @param {T} otherwise
 * @returns {T}
 */
function parse(text, otherwise) {
  if (text === null) return otherwise;
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
