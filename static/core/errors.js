// @ts-check
/** A refusal as a sentence that helps. */
import { Refusal } from './api.js';
import { formatLength } from './format.js';
import { has, t } from './i18n.js';

/** @param {unknown} failure @returns {string} */
export function explain(failure) {
  if (!(failure instanceof Refusal)) {
    console.error(failure);
    return t('error.plain', { detail: String(failure) });
  }
  if (failure.status === 429) {
    return failure.retryAfterS ? t('error.too_many', { wait: formatLength(failure.retryAfterS) }) : t('error.too_many_plain');
  }
  if (failure.errors.length > 0) return failure.errors.map(aboutField).join(' ');
  const key = `error.${failure.code}`;
  if (has(key)) return t(key, { detail: failure.detail });
  return failure.detail || t('error.plain', { detail: failure.code });
}

/** @param {{field: string, message: string}} error */
function aboutField({ field, message }) {
  const key = `field.${field.replace(/^settings\./, '').replace(/[.[].*$/, '')}`;
  return has(key) ? t(key, { detail: message }) : message;
}
