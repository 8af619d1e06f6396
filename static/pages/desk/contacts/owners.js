// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { nameOf } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */

const PAUSE_MS = 250;

/** Who has the number that is being typed, beside this contact. @param {string} number @param {string} [id] @returns {Contact[]} */
export function useOwners(number, id) {
  const [owners, setOwners] = useState(/** @type {Contact[]} */ ([]));
  const isWhole = number.replace(/\D/g, '').length >= 3;
  useEffect(() => {
    let current = true;
    setOwners([]);
    if (!isWhole) return undefined;
    const timer = setTimeout(() => {
      api.contactsOfNumber(number).then(({ items }) => current && setOwners(items.filter((one) => one.id !== id)), () => {});
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [number]);
  return owners;
}

/** Says that the number is somebody's already, with the way there. @param {{owners: Contact[]}} props */
export function Owners({ owners }) {
  if (owners.length === 0) return html`<p role="status"></p>`;
  return html`<p class="warn-text" role="status">${t('contacts.taken')} ${owners.map((one, index) => html`${index > 0 && ', '}<a href=${`/contacts/${encodeURIComponent(one.id)}`} dir="auto">${nameOf(one) || formatPhone(one.phones[0]?.number ?? '')}</a>`)}.
    ${' '}${t('contacts.taken_more')}</p>`;
}
