// @ts-check
import { formatPhone } from '../core/format.js';
import { t } from '../core/i18n.js';

/** The client in a word: the name, else the number. @param {import('../core/types.js').Call} call */
export function who(call) {
  if (call.contact) return call.contact.name || call.contact.company || number(call.phone);
  return number(call.phone);
}

/** @param {string} phone */
export function number(phone) {
  return phone === '' || phone === 'anonymous' ? t('card.hidden_number') : formatPhone(phone);
}

/** Whether the phone can be called and kept. @param {string} phone */
export const isNumber = (phone) => /^\+?\d+$/.test(phone);
