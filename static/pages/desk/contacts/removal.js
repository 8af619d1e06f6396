// @ts-check
/** Deleting can be taken back for a while: only then is it sent. */
import { signal } from '../../../vendor/signals.mjs';
import * as api from '../../../core/api.js';
import { t } from '../../../core/i18n.js';
import { attempt, say } from '../../../ui/toast.js';

/** As long as the message stands. */
const WAIT_MS = 8000;

/** The contacts that are about to go: no list shows them. @type {import('../../../vendor/signals.mjs').Signal<Set<string>>} */
export const leaving = signal(/** @type {Set<string>} */ (new Set()));

/** Deletes the contact in a while, unless that is taken back. @param {string} id @param {string} name */
export function remove(id, name) {
  leaving.value = new Set([...leaving.value, id]);
  const stay = () => (leaving.value = new Set([...leaving.value].filter((one) => one !== id)));
  const timer = setTimeout(async () => {
    if (!(await attempt(() => api.deleteContact(id)))) stay();
  }, WAIT_MS);
  say({
    text: t('contacts.removed', { name }),
    label: t('contacts.undo'),
    undo: () => {
      clearTimeout(timer);
      stay();
    },
  });
}
