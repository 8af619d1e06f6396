// @ts-check
/** The HTTP API: the only place that fetches. Answers are the documents' own shapes; a refusal is thrown. */

/** @typedef {import('./types.js').Call} Call */

const PATIENCE_MS = 15_000;
/** For a whole file on its way, or read from end to end. */
const FILE_PATIENCE_MS = 180_000;

/** A request that was not granted. `code` is stable; `network` and `timeout` are ours. */
export class Refusal extends Error {
  /**
   * @param {number} status 0 when nothing was heard
   * @param {{code?: string, detail?: string, errors?: {field: string, code: string, params?: Record<string, any>}[], [member: string]: any}} problem with what its code brings
   * @param {number|null} retryAfterS
   */
  constructor(status, problem, retryAfterS = null) {
    super(problem.detail || problem.code || String(status));
    this.status = status;
    this.code = problem.code || `http_${status}`;
    this.detail = problem.detail || '';
    this.errors = problem.errors || [];
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

/** How far the server's clock is ahead of ours, ms: timers count by the server's. */
export const clock = { aheadMs: 0 };

/** @type {() => void} */
let signedOut = () => {};

/**
 * Called when the session has ended.
 * @param {() => void} handler
 */
export function onSignedOut(handler) {
  signedOut = handler;
}

/** @type {() => Promise<void>} */
let refused = async () => {};

/** Called when something was refused, and waited for: whoever catches the refusal finds the words for it. @param {() => Promise<void>} handler */
export function onRefused(handler) {
  refused = handler;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{quiet?: boolean, patienceMs?: number}} [options] quiet: a 401 is the caller's own affair
 * @returns {Promise<any>}
 */
async function send(method, path, body, options = {}) {
  const asked = Date.now();
  let response;
  let text;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      headers: body === undefined || body instanceof Blob ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(options.patienceMs ?? PATIENCE_MS),
    });
    text = await response.text();
  } catch (failure) {
    const late = failure instanceof DOMException && failure.name === 'TimeoutError';
    throw new Refusal(0, { code: late ? 'timeout' : 'network' });
  }
  setClock(response.headers.get('date'), asked);
  const answer = parse(text);
  if (response.ok) return answer;
  if (response.status === 401 && !options.quiet) signedOut();
  await refused();
  const retryAfter = Number(response.headers.get('retry-after'));
  throw new Refusal(response.status, answer ?? {}, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null);
}

/** @param {string} text */
function parse(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // not ours: a proxy's page, perhaps
  }
}

/**
 * The Date header has whole seconds, so a difference below two seconds is taken as none.
 * @param {string|null} header
 * @param {number} askedMs
 */
function setClock(header, askedMs) {
  const said = header ? Date.parse(header) : NaN;
  if (!Number.isFinite(said)) return;
  const ahead = said + 500 - (askedMs + Date.now()) / 2;
  clock.aheadMs = Math.abs(ahead) < 2000 ? 0 : ahead;
}

const id = encodeURIComponent;

/** @param {{quiet?: boolean}} [options] @returns {Promise<import('./types.js').Me>} */
export const whoAmI = (options) => send('GET', 'session', undefined, options);
/** @param {string} login @param {string} password @param {string} [code] of the second factor @returns {Promise<import('./types.js').Me>} */
export const signIn = (login, password, code) => send('POST', 'session', code === undefined ? { login, password } : { login, password, code }, { quiet: true });
/** @returns {Promise<import('./types.js').Offer>} */
export const offerSecondFactor = () => send('POST', 'second-factor');
/** @param {string} code @returns {Promise<import('./types.js').RecoveryCodes>} */
export const confirmSecondFactor = (code) => send('PUT', 'second-factor', { code });
/** @param {string} password */
export const removeSecondFactor = (password) => send('DELETE', 'second-factor', { password });
/** My own; my other browsers are signed out. @param {{current: string, password: string}} passwords */
export const changePassword = (passwords) => send('PUT', 'password', passwords);
/** Where somebody is signed in. @param {string} [user] whose; absent: mine @returns {Promise<{items: import('./types.js').OpenSession[]}>} */
export const sessions = (user) => send('GET', `sessions${user === undefined ? '' : `?user=${id(user)}`}`);
/** @param {string} session */
export const endSession = (session) => send('DELETE', `sessions/${id(session)}`);
/** A colleague lost his phone. @param {string} user */
export const takeSecondFactor = (user) => send('DELETE', `users/${id(user)}/second-factor`);
export const signOut = () => send('DELETE', 'session', undefined, { quiet: true });
/** @param {{token: string, login: string, name: string, password: string}} admin */
export const setUp = (admin) => send('POST', 'setup', admin, { quiet: true });

/** @returns {Promise<import('./types.js').SettingsAnswer>} */
export const settings = () => send('GET', 'settings');
/** @returns {Promise<{items: import('./types.js').WholePerson[]}>} */
export const users = () => send('GET', 'users?limit=200');
/** @param {string} user @returns {Promise<import('./types.js').User>} */
export const user = (user) => send('GET', `users/${id(user)}`);
/** @param {string} user @param {object} change */
export const changeUser = (user, change) => send('PATCH', `users/${id(user)}`, change);

/** Without a password the answer holds an invitation. @param {object} user @returns {Promise<import('./types.js').MadeUser>} */
export const createUser = (user) => send('POST', 'users', user);
/** Another link to set the password by. @param {string} user @returns {Promise<import('./types.js').Invite>} */
export const invite = (user) => send('POST', `users/${id(user)}/invite`);
/** Sets the password and signs in. @param {string} token @param {string} password @returns {Promise<import('./types.js').User>} */
export const acceptInvite = (token, password) => send('POST', 'invite', { token, password }, { quiet: true });

/** @param {string} contact @returns {Promise<import('./types.js').Contact>} */
export const contact = (contact) => send('GET', `contacts/${id(contact)}`);
/** @param {object} contact @returns {Promise<import('./types.js').Contact>} */
export const createContact = (contact) => send('POST', 'contacts', contact);

/** @param {string} contact @param {object} change @returns {Promise<import('./types.js').Contact>} */
export const changeContact = (contact, change) => send('PATCH', `contacts/${id(contact)}`, change);
/** The contacts in which these words or digits occur. @param {string} q @returns {Promise<Page<import('./types.js').Contact>>} */
export const findContacts = (q) => send('GET', `contacts?limit=5&q=${id(q)}`);

/**
 * Contacts that these filters leave, whom one talked to last first.
 * @param {URLSearchParams} filters @param {number} limit @param {string|null} cursor
 * @returns {Promise<Page<import('./types.js').Contact> & {shown_for: string|null}>}
 */
export const contacts = (filters, limit, cursor) => /** @type {any} */ (page(`contacts?${filters}`, limit, cursor));
/** Whose number it is. @param {string} phone @returns {Promise<Page<import('./types.js').Contact>>} */
export const contactsOfNumber = (phone) => send('GET', `contacts?limit=5&phone=${id(phone)}`);
/** @param {string} contact */
export const deleteContact = (contact) => send('DELETE', `contacts/${id(contact)}`);
/** What there was with a contact, newest first. @param {string} contact @param {number} limit @param {string|null} cursor @returns {Promise<Page<import('./types.js').TimelineItem>>} */
export const timeline = (contact, limit, cursor) => page(`contacts/${id(contact)}/timeline`, limit, cursor);

/** Contacts that may be one. @param {string|null} cursor @returns {Promise<Page<import('./types.js').Pair>>} */
export const duplicates = (cursor) => page('contacts/duplicates', 50, cursor);
/** `from` becomes part of `contact`. @param {string} contact @param {string} from @param {object} choose by field: mine or theirs @returns {Promise<import('./types.js').Merged>} */
export const mergeContacts = (contact, from, choose) => send('POST', `contacts/${id(contact)}/merge`, { from, choose });

/** Hands a file of clients in; nothing is made of it yet. @param {File} file @param {string} [sheet] of a workbook @returns {Promise<import('./types.js').Import>} */
export const takeIn = (file, sheet) => send('POST', `contacts/import?name=${id(file.name)}&lang=${document.documentElement.lang}${sheet === undefined ? '' : `&sheet=${id(sheet)}`}`, file, { patienceMs: FILE_PATIENCE_MS });
/** @param {string} file @returns {Promise<import('./types.js').Import>} */
export const importFile = (file) => send('GET', `contacts/import/${id(file)}`);
/** What would come of it. @param {string} file @param {import('./types.js').ImportPlan} plan @returns {Promise<import('./types.js').Tally>} */
export const checkImport = (file, plan) => send('POST', `contacts/import/${id(file)}/check`, plan, { patienceMs: FILE_PATIENCE_MS });
/** @returns {Promise<import('./types.js').Backups>} */
export const backups = () => send('GET', 'backups');
/** @returns {Promise<import('./types.js').Task>} */
export const makeBackup = () => send('POST', 'backups');
/** @param {string} file @param {import('./types.js').ImportPlan} plan @returns {Promise<import('./types.js').Task>} */
export const runImport = (file, plan) => send('POST', `contacts/import/${id(file)}/run`, plan);

/** @returns {Promise<Page<import('./types.js').Task>>} */
export const tasks = () => send('GET', 'tasks?limit=20');
/** @param {string} task @returns {Promise<import('./types.js').Task>} */
export const task = (task) => send('GET', `tasks/${id(task)}`);
/** @param {string} task @returns {Promise<import('./types.js').Task>} */
export const cancelTask = (task) => send('DELETE', `tasks/${id(task)}`);
/** @param {string} task @returns {Promise<import('./types.js').Task>} */
export const retryTask = (task) => send('POST', `tasks/${id(task)}/retry`);
/** @param {string} task @returns {Promise<import('./types.js').Task>} */
export const undoTask = (task) => send('POST', `tasks/${id(task)}/undo`);

/** @template T @typedef {{items: T[], next: string|null, searched_to?: string|null}} Page next: the cursor of the page after this one */

/** @param {string} list @param {number} limit @param {string|null} cursor @returns {Promise<Page<any>>} */
const page = (list, limit, cursor) => send('GET', `${list}${list.includes('?') ? '&' : '?'}limit=${limit}${cursor ? `&cursor=${id(cursor)}` : ''}`);

/** What is known of a number. @param {string} number @returns {Promise<import('./types.js').PhoneNumber>} */
export const number = (number) => send('GET', `numbers/${id(number)}`);
/** @returns {Promise<Page<import('./types.js').PhoneNumber>>} */
export const blockedNumbers = () => send('GET', 'numbers?limit=200');
/** @param {string} number @param {{why?: string, force?: boolean}} how @returns {Promise<import('./types.js').PhoneNumber>} */
export const blockNumber = (number, how) => send('PUT', `numbers/${id(number)}/block`, how);
/** @param {string} number */
export const unblockNumber = (number) => send('DELETE', `numbers/${id(number)}/block`);

/** What is kept, how much and for how long. @returns {Promise<Page<import('./types.js').Kept>>} */
export const kept = () => send('GET', 'kept');
/** What is kept of whoever has this number. @param {string} number @returns {Promise<import('./types.js').KeptOfPerson>} */
export const personOf = (number) => send('GET', `numbers/${id(number)}/person`);
/** Erases him for good. @param {string} number @returns {Promise<import('./types.js').Erased>} */
export const erasePerson = (number) => send('DELETE', `numbers/${id(number)}/person`, undefined, { patienceMs: FILE_PATIENCE_MS });

/** @param {number} limit @param {string|null} cursor @returns {Promise<Page<Call>>} */
export const calls = (limit, cursor) => page('calls', limit, cursor);
/** @param {string} query the filters of `/api/calls` @param {number} limit @param {string|null} cursor @returns {Promise<Page<Call>>} */
export const callsBy = (query, limit, cursor) => page(`calls?${query}`, limit, cursor);
/** @param {string} contact @param {number} limit @param {string|null} cursor @returns {Promise<Page<Call>>} */
export const callsOf = (contact, limit, cursor) => page(`calls?contact=${id(contact)}`, limit, cursor);
/** @param {string} call @returns {Promise<Call>} */
export const call = (call) => send('GET', `calls/${id(call)}`);
/** @param {string} call @param {object} change @returns {Promise<Call>} */
export const changeCall = (call, change) => send('PATCH', `calls/${id(call)}`, change);
/** @param {string} call */
export const dismiss = (call) => send('POST', `calls/${id(call)}/dismiss`);
/** Asks the PBX for the recording now. @param {string} call @returns {Promise<Call>} */
export const fetchRecording = (call) => send('POST', `calls/${id(call)}/recording/retry`);
/** @param {string} phone @param {string} [integration] the default line's when absent @returns {Promise<{call: Call}>} */
export const dial = (phone, integration) => send('POST', 'calls', integration ? { phone, integration } : { phone });

/** What this person promised and has not done, though its time has come. @param {string} user @returns {Promise<Page<import('./types.js').Promise>>} */
export const latePromises = (user) => send('GET', `promises?state=late&user=${id(user)}`);
/** What is promised and not done, the soonest first. @param {string} [user] whose; absent: anybody's @returns {Promise<Page<import('./types.js').Promise>>} */
export const openPromises = (user) => send('GET', `promises?state=open&limit=200${user === undefined ? '' : `&user=${id(user)}`}`);
/** @param {string} promise @param {object} change @returns {Promise<import('./types.js').Promise>} */
export const changePromise = (promise, change) => send('PATCH', `promises/${id(promise)}`, change);

/** Who still waits, by the deadline. @param {number} limit @param {string|null} cursor @returns {Promise<Page<import('./types.js').MissedRow>>} */
export const missed = (limit, cursor) => page('missed?sort=due', limit, cursor);
/** @param {string} row @returns {Promise<import('./types.js').MissedRow>} */
export const missedRow = (row) => send('GET', `missed/${id(row)}`);
/** @param {string} row @param {object} change @returns {Promise<import('./types.js').MissedRow>} */
export const changeMissed = (row, change) => send('PATCH', `missed/${id(row)}`, change);

/** @returns {Promise<{items: import('./types.js').Integration[]}>} */
export const integrations = () => send('GET', 'integrations');
/** @param {object} integration @returns {Promise<import('./types.js').Integration>} */
export const createIntegration = (integration) => send('POST', 'integrations', integration);
/** @param {string} integration @returns {Promise<{ok: boolean, why: import('./errors.js').Why}>} */
export const checkIntegration = (integration) => send('POST', `integrations/${id(integration)}/check`);
/** @param {string} integration @returns {Promise<{items: import('./types.js').Account[]}>} */
export const accounts = (integration) => send('GET', `integrations/${id(integration)}/accounts`);
/** @param {string} integration @param {object} change @returns {Promise<import('./types.js').Integration>} */
export const changeIntegration = (integration, change) => send('PATCH', `integrations/${id(integration)}`, change);
/** @param {string} integration */
export const removeIntegration = (integration) => send('DELETE', `integrations/${id(integration)}`);
/** A new key for the PBX; the old one is valid for a day. @param {string} integration @returns {Promise<{id: string, crm_token: string, old_valid_until: string}>} */
export const rotateToken = (integration) => send('POST', `integrations/${id(integration)}/rotate-token`);
/** @param {string} user */
export const removeUser = (user) => send('DELETE', `users/${id(user)}`);
/** @param {object} change @returns {Promise<import('./types.js').SettingsAnswer>} */
export const changeSettings = (change) => send('PATCH', 'settings', change);
/** What the PBX sent. @param {number} limit @param {string|null} cursor @returns {Promise<Page<import('./types.js').Webhook>>} */
export const webhooks = (limit, cursor) => page('webhooks', limit, cursor);
/** @param {string} webhook @returns {Promise<import('./types.js').Webhook>} */
export const replay = (webhook) => send('POST', `webhooks/${id(webhook)}/replay`);
/** Who did what. @param {number} limit @param {string|null} cursor @returns {Promise<Page<import('./types.js').AuditEntry>>} */
export const audit = (limit, cursor) => page('audit', limit, cursor);
/** @returns {Promise<{items: import('./types.js').ApiToken[]}>} */
export const tokens = () => send('GET', 'tokens');
/** @param {object} token @returns {Promise<import('./types.js').MadeApiToken>} */
export const createToken = (token) => send('POST', 'tokens', token);
/** @param {string} token */
export const endToken = (token) => send('DELETE', `tokens/${id(token)}`);
/** What goes out to other systems. @param {string} state empty: whatever it is @param {number} limit @param {string|null} cursor @returns {Promise<Page<import('./types.js').Sending>>} */
export const outbox = (state, limit, cursor) => page(`outbox${state && `?state=${id(state)}`}`, limit, cursor);
/** @param {string} item @returns {Promise<import('./types.js').Sending>} */
export const sendAgain = (item) => send('POST', `outbox/${id(item)}/retry`);
/** The same to one system. @param {string} integration @returns {Promise<Page<import('./types.js').Sending>>} */
export const outboxOf = (integration) => page(`outbox?integration=${id(integration)}`, 200, null);
/** A call that is none rings this person's screen. */
export const ringMe = () => send('POST', 'trial');
/** @returns {Promise<{items: import('./types.js').Finding[]}>} */
export const doctor = () => send('GET', 'doctor');
/** What a PBX named and nobody here has a name for. @returns {Promise<{items: import('./types.js').Unnamed[]}>} */
export const unnamed = () => send('GET', 'unnamed');
/** Nobody is behind a login at the PBX, or somebody may be after all. @param {{integration: string, name: string}} login @param {boolean} is */
export const isNobody = ({ integration, name }, is) => send('PATCH', 'unnamed', { integration, account: name, is_nobody: is });

/** @param {string} query @returns {Promise<import('./types.js').CallReport>} */
export const callReport = (query) => send('GET', `reports/calls?${query}`);
/** @param {string} query @returns {Promise<import('./types.js').CallReport>} */
export const callbackReport = (query) => send('GET', `reports/callbacks?${query}`);
/** @param {string} query @returns {Promise<import('./types.js').PeopleReport>} */
export const peopleReport = (query) => send('GET', `reports/people?${query}`);
