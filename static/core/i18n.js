// @ts-check
/** Words in the reader's language. The browser's language decides, the person may change it. */
import { signal } from '../vendor/signals.mjs';
import { language } from './prefs.js';

/** @typedef {import('./types.js').Entry} Entry */

/** @type {{value: Record<string, Entry>}} */
const words = signal({});
/** @type {{value: 'ru'|'en'}} */
export const locale = signal('en');
let plurals = new Intl.PluralRules('en');

/** The language in force: 'ru' or 'en'. */
export function chosenLanguage() {
  const wanted = language.value || navigator.language || 'en';
  return wanted.slice(0, 2) === 'ru' ? 'ru' : 'en';
}

/** @typedef {'settings'|'hours'|'journal'|'health'|'missed'|'contacts'|'calls'|'reports'|'setup'|'security'|'import'|'merge'|'kept'|'refusals'} Part whose words stand in a file of their own */

/** Those that were asked for. @type {Map<Part, Promise<void>>} */
const parts = new Map();

/** Loads the words of a part that is not always shown; before it is. @param {Part} part @returns {Promise<void>} */
export function loadPart(part) {
  const coming = parts.get(part) ?? loadWords([...parts.keys(), part]);
  parts.set(part, coming);
  return coming.catch((failure) => {
    parts.delete(part); // asked for again, it may come
    throw failure;
  });
}

/** Loads the dictionary in force; again after a switch. @param {Part[]} [wanted] @returns {Promise<void>} */
export async function loadWords(wanted = [...parts.keys()]) {
  const next = chosenLanguage();
  const files = [`./i18n/${next}.js`, ...wanted.map((part) => `./i18n/${next}-${part}.js`)];
  const dictionary = Object.assign({}, ...(await Promise.all(files.map((file) => import(file)))).map((loaded) => loaded.default));
  if (chosenLanguage() !== next) return loadWords();
  plurals = new Intl.PluralRules(next);
  document.documentElement.lang = next;
  // Of two parts that were asked for at once the slower one takes nothing from the other.
  words.value = locale.value === next ? { ...words.value, ...dictionary } : dictionary;
  locale.value = next;
}

/**
 * A sentence by its key. `n` among the values chooses the plural form.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const entry = words.value[key];
  if (entry === undefined) return key;
  const form = typeof entry === 'string' ? entry : (entry[plurals.select(Number(values.n))] ?? entry.other ?? '');
  return form.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** Whether there is such a sentence. @param {string} key */
export const has = (key) => key in words.value;
