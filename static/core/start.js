// @ts-check
/** How every page begins: the person's words, theme and title, then what the page asks for, then the page. */
import { render } from '../vendor/preact.mjs';
import { effect } from '../vendor/signals.mjs';
import { onRefused } from './api.js';
import { loadPart, loadWords } from './i18n.js';
import { language, theme } from './prefs.js';

/**
 * @typedef {object} Page
 * @property {() => string} title followed while the page is open
 * @property {import('./i18n.js').Part} [part] what it says beside what every page says
 * @property {() => Promise<boolean>} [prepare] what must be known first; false: the page is not shown
 * @property {() => any} show the page's element
 */

/** @param {Page} page */
export async function start({ title, part, prepare = async () => true, show }) {
  onRefused(() => loadPart('refusals').catch(() => {})); // without them it is said in general
  await (part ? loadPart(part) : loadWords());
  effect(() => {
    void language.value;
    loadWords();
  });
  effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
  effect(() => {
    document.title = title();
  });
  if (await prepare()) render(show(), /** @type {HTMLElement} */ (document.getElementById('app')));
}
