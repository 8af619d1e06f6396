// @ts-check
/** New contacts that are being typed, by call: kept through Esc, a reload and the card's going, until they are saved. */
import { preference } from '../core/prefs.js';
import { me } from '../core/session.js';

/** @typedef {{name: string, company: string, alert: string, vip: boolean, isMine: boolean, isOpen: boolean}} ContactDraft */

const REMEMBERED = 30;
/** @type {ContactDraft} */
const BLANK = { name: '', company: '', alert: '', vip: false, isMine: true, isOpen: false };
/** Of every person who signs in here. @type {{value: Record<string, ContactDraft>}} */
const kept = preference('contact_drafts', {});

/** @param {string} call */
const key = (call) => `${me.value?.id}.${call}`;

/** @param {string} call @returns {ContactDraft} */
export const contactDraft = (call) => kept.value[key(call)] ?? BLANK;

/** The calls on which a form stands open with something in it. */
export const openForms = () => Object.entries(kept.value)
  .filter(([name, draft]) => name.startsWith(`${me.value?.id}.`) && draft.isOpen && draft.name + draft.company + draft.alert !== '')
  .map(([name]) => name.slice(`${me.value?.id}.`.length));

/** @param {string} call @param {Partial<ContactDraft>} change */
export function changeDraft(call, change) {
  const draft = { ...contactDraft(call), ...change };
  const { [key(call)]: _, ...rest } = kept.value;
  kept.value = Object.fromEntries([...Object.entries(rest), [key(call), draft]].slice(-REMEMBERED));
}

/** The contact was saved. @param {string} call */
export function forgetDraft(call) {
  const { [key(call)]: _, ...rest } = kept.value;
  kept.value = rest;
}
