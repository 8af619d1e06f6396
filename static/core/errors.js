// @ts-check
/** A refusal as a sentence that helps, in the reader's language: by its codes, never by the server's own English. */
import { Refusal } from './api.js';
import { formatLength } from './format.js';
import { has, loadPart, t } from './i18n.js';

/** @typedef {{code: string, params?: Record<string, any>}} Why */

/** @param {unknown} failure @returns {string} */
export function explain(failure) {
  if (!(failure instanceof Refusal)) {
    console.error(failure);
    return t('error.plain');
  }
  if (failure.status === 429) {
    return failure.retryAfterS ? t('error.too_many', { wait: formatLength(failure.retryAfterS) }) : t('error.too_many_plain');
  }
  if (failure.errors.length > 0) return failure.errors.map(aboutField).join(' ');
  const { why } = failure.problem;
  if (why && has(`why.${why.code}`)) return sayWhy(why);
  const key = `error.${failure.code}`;
  return has(key) ? t(key, words(failure.problem.params)) : t('error.plain');
}

/** What an outside system said, or why something is forbidden. @param {Why} why @returns {string} */
export function sayWhy({ code, params }) {
  const key = `why.${code}`;
  if (has(key)) return t(key, words(params));
  loadPart('refusals').catch(() => {}); // whoever shows it says it anew then
  return t('error.plain');
}

/** What is wrong with each refused field, by its whole name, for a form that says it there; nothing when it is no field. @param {unknown} failure @returns {Record<string, string>} */
export function faultsOf(failure) {
  return failure instanceof Refusal ? Object.fromEntries(failure.errors.map((error) => [error.field, faultIn(error)])) : {};
}

/** @param {Why} error */
const faultIn = ({ code, params }) => (has(`fault.${code}`) ? t(`fault.${code}`, words(params)) : t('fault.wrong_form'));

/** @param {Why & {field: string}} error */
function aboutField({ field, code, params }) {
  const name = field.replace(/^settings\./, '').replace(/[.[].*$/, '');
  const label = has(`field.${name}`) ? t(`field.${name}`) : t('field.other');
  return t('error.field', { field: label, fault: faultIn({ code, params }) });
}

/** Parameters as words: systems by their names, lists one after another. @param {Record<string, any>} [params] */
function words(params = {}) {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, word(name, value)]));
}

/** @param {string} name @param {any} value @returns {string} */
function word(name, value) {
  if (name === 'peer') return t(`peer.${value}`);
  if (!Array.isArray(value)) return String(value);
  return value.map((one) => (one?.code ? t(`part.${one.code}`, words(one.params)) : String(one))).join('; ');
}
