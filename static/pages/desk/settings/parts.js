// @ts-check
/** The parts of the settings: whoever is less than an admin has this browser alone. */
import { Blocked } from './blocked.js';
import { Browser } from './browser.js';
import { Health } from './health.js';
import { Hours } from './hours.js';
import { Integrations } from './integrations.js';
import { Journal } from './journal.js';
import { Outcomes } from './outcomes.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Rules } from './rules.js';
import { Start } from './start.js';

/** @typedef {{part: string, words: string, icon: string, Part: () => any}} Part */

/** @type {Part[]} */
const FOR_ADMINS = [
  { part: 'start', words: 'settings.start', icon: 'check', Part: Start },
  { part: 'integrations', words: 'settings.integrations', icon: 'plug', Part: Integrations },
  { part: 'people', words: 'settings.people', icon: 'users', Part: People },
  { part: 'rules', words: 'settings.rules', icon: 'settings', Part: Rules },
  { part: 'outcomes', words: 'settings.outcomes', icon: 'sticky-note', Part: Outcomes },
  { part: 'hours', words: 'settings.hours', icon: 'calendar-clock', Part: Hours },
  { part: 'blocked', words: 'settings.blocked', icon: 'ban', Part: Blocked },
  { part: 'health', words: 'settings.health', icon: 'circle-alert', Part: Health },
  { part: 'journal', words: 'settings.journal', icon: 'history', Part: Journal },
  { part: 'outbox', words: 'settings.outbox', icon: 'arrow-right', Part: Outbox },
];

/** @type {Part} */
const BROWSER = { part: 'browser', words: 'settings.browser', icon: 'monitor-smartphone', Part: Browser };

/** @param {boolean} isAdmin */
export const partsFor = (isAdmin) => (isAdmin ? [...FOR_ADMINS, BROWSER] : [BROWSER]);
