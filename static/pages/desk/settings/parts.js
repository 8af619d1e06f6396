// @ts-check
/** The parts of the settings, each loaded when it is first opened: whoever is less than an admin has this browser and his sign-in alone. */

/** @typedef {{part: string, words: string, icon: string, load: () => Promise<() => any>}} Part */

/** @type {Part[]} */
const FOR_ADMINS = [
  { part: 'start', words: 'settings.start', icon: 'check', load: async () => (await import('./start.js')).Start },
  { part: 'integrations', words: 'settings.integrations', icon: 'plug', load: async () => (await import('./integrations.js')).Integrations },
  { part: 'people', words: 'settings.people', icon: 'users', load: async () => (await import('./people.js')).People },
  { part: 'rules', words: 'settings.rules', icon: 'settings', load: async () => (await import('./rules.js')).Rules },
  { part: 'outcomes', words: 'settings.outcomes', icon: 'sticky-note', load: async () => (await import('./outcomes.js')).Outcomes },
  { part: 'hours', words: 'settings.hours', icon: 'calendar-clock', load: async () => (await import('./hours.js')).Hours },
  { part: 'blocked', words: 'settings.blocked', icon: 'ban', load: async () => (await import('./blocked.js')).Blocked },
  { part: 'health', words: 'settings.health', icon: 'circle-alert', load: async () => (await import('./health.js')).Health },
  { part: 'backups', words: 'settings.backups', icon: 'copy', load: async () => (await import('./backups.js')).Backups },
  { part: 'journal', words: 'settings.journal', icon: 'history', load: async () => (await import('./journal.js')).Journal },
  { part: 'outbox', words: 'settings.outbox', icon: 'arrow-right', load: async () => (await import('./outbox.js')).Outbox },
  { part: 'tokens', words: 'settings.tokens', icon: 'key-round', load: async () => (await import('./tokens.js')).Tokens },
  { part: 'kept', words: 'settings.kept', icon: 'eye-off', load: async () => (await import('./kept.js')).KeptData },
  { part: 'audit', words: 'settings.audit', icon: 'eye', load: async () => (await import('./audit.js')).Audit },
];

/** @type {Part} */
const BROWSER = { part: 'browser', words: 'settings.browser', icon: 'monitor-smartphone', load: async () => (await import('./browser.js')).Browser };

/** @type {Part} */
const SECURITY = { part: 'security', words: 'settings.security', icon: 'hand', load: async () => (await import('./security.js')).Security };

/** @param {boolean} isAdmin */
export const partsFor = (isAdmin) => [...(isAdmin ? FOR_ADMINS : []), BROWSER, SECURITY];
