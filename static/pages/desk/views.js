// @ts-check
/** The sections: each is loaded when it is first opened. A new one is a line here and its routes in src/http/mod.rs. */
import { sectionOf } from '../../core/router.js';
import { me } from '../../core/session.js';

/**
 * @typedef {object} View
 * @property {string} section the first part of its addresses
 * @property {string} words its name, by its key in the dictionary
 * @property {string} icon
 * @property {string} keys the sequence that leads to it
 * @property {() => Promise<{View: () => any}>} load
 * @property {boolean} [forManagers] whether operators have no use for it
 */

/** In the order of the rail. @type {View[]} */
export const VIEWS = [
  { section: 'calls', words: 'nav.calls', icon: 'phone', keys: 'g c', load: () => import('./calls/view.js') },
  { section: 'missed', words: 'nav.missed', icon: 'phone-missed', keys: 'g m', load: () => import('./missed/view.js') },
  { section: 'contacts', words: 'nav.contacts', icon: 'users', keys: 'g k', load: () => import('./contacts/view.js') },
  { section: 'reports', words: 'nav.reports', icon: 'chart', keys: 'g r', load: () => import('./reports/view.js'), forManagers: true },
  { section: 'settings', words: 'nav.settings', icon: 'settings', keys: 'g s', load: () => import('./settings/view.js') },
];

/** The section that this address shows; null: it is none of the workplace's. @param {string} path */
export const viewAt = (path) => VIEWS.find(({ section }) => section === sectionOf(path)) ?? null;

/** Whether this person has it in the rail. @param {View} view */
export const isOffered = ({ forManagers }) => !forManagers || (me.value !== null && me.value.role !== 'operator');
