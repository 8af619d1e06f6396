// @ts-check
import { formatPhone } from '../core/format.js';
import { t } from '../core/i18n.js';

/** @typedef {import('../core/types.js').ContactRef} ContactRef */

/** Empty for nobody, and for a lead of whom only the number is known. @param {ContactRef|null} contact */
export const nameOf = (contact) => contact?.name || contact?.company || '';

/** @param {ContactRef|null} contact */
export const isNamed = (contact) => nameOf(contact) !== '';

/** The client in a word: the name, else the number. @param {import('../core/types.js').Call} call */
export const who = (call) => nameOf(call.contact) || number(call.phone, call.phone_formatted);

/** @param {string} phone @param {string} [formatted] as the server writes it */
export function number(phone, formatted) {
  if (phone.startsWith('erased-')) return t('card.erased_number');
  return phone === '' || phone === 'anonymous' ? t('card.hidden_number') : formatted || formatPhone(phone);
}

/** Whether the phone can be called and kept. @param {string} phone */
export const isNumber = (phone) => /^\+?\d+$/.test(phone);
