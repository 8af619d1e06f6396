// @ts-check
/** The fields of two contacts as they are compared. */
import { formatPhone } from '../../../../core/format.js';
import { t } from '../../../../core/i18n.js';

/** @typedef {import('../../../../core/types.js').Contact} Contact */

/** One value of two stays. */
export const CHOSEN = ['name', 'company', 'email', 'kind', 'responsible', 'vip', 'alert', 'note'];
/** Both stay. */
export const JOINED = ['phones', 'tags'];

/** @param {string} field @param {Contact} contact @returns {string} */
export function saidOf(field, contact) {
  switch (field) {
    case 'kind': return t(`contact.kind.${contact.kind}`);
    case 'vip': return t(contact.vip ? 'contacts.yes' : 'contacts.no');
    case 'responsible': return contact.responsible?.name ?? '';
    case 'phones': return contact.phones.map(({ number, label }) => [formatPhone(number), label].filter(Boolean).join(' ')).join('\n');
    case 'tags': return contact.tags.join('\n');
    default: return contact[/** @type {'name'|'company'|'email'|'alert'|'note'} */ (field)];
  }
}
