// @ts-check
/**
 * The shapes of the HTTP API and the live stream, and what else several files speak of, for the type checker alone.
 *
 * Each name that /api/openapi.json has as well is held against it by tests/e2e/types.test.mjs, member for member.
 *
 * @typedef {{id: string, login: string, name: string}} UserRef
 * @typedef {{integration: string, account: string}} Line
 * @typedef {'operator'|'manager'|'admin'} Role
 * @typedef {UserRef & {role: Role, lines: Line[]}} User
 * @typedef {{integration: string, name: string, account: string}} OwnLine
 * @typedef {UserRef & {role: Role, second_factor: 'off'|'on'|'needed', lines: OwnLine[]}} Me
 * @typedef {{secret: string, uri: string, qr: string}} Offer
 * @typedef {{name: string, made_at: string, size_bytes: number}} KeptBackup
 * @typedef {{folder: string|null, is_possible: boolean, keep: number, next_at: string|null, items: KeptBackup[]}} Backups
 * @typedef {{recovery_codes: string[]}} RecoveryCodes
 * @typedef {{id: string, browser: string, address: string|null, made_at: string, seen_at: string, is_this: boolean}} OpenSession
 * @typedef {{url: string, expires_at: string}} Invite
 * @typedef {User & {invite?: Invite}} MadeUser
 * @typedef {UserRef & {role?: Role, lines?: Line[], has_second_factor?: boolean}} Person
 * @typedef {User & {has_second_factor: boolean}} WholePerson as an admin sees one
 * @typedef {{id: string, name: string, company: string}} ContactRef
 * @typedef {{number: string, label: string}} LineRef
 *
 * @typedef {{
 *   id: string, name: string, company: string, phones: LineRef[], email: string, note: string, tags: string[],
 *   kind: 'client'|'lead', responsible: UserRef|null, vip: boolean, alert: string, created_at: string, updated_at: string,
 *   last_talk: ContactTalk|null, missed_open: number,
 * }} Contact
 * @typedef {{call: string, at: string, direction: 'in'|'out', user: UserRef|null}} ContactTalk
 *
 * @typedef {LineRef|string} ChangedItem
 * @typedef {boolean|string|UserRef|ChangedItem[]} ChangedValue
 * @typedef {{field: string, before: ChangedValue|null, after: ChangedValue|null}} ChangedField
 * @typedef {{by: UserRef|null, fields: ChangedField[]}} ContactChange
 * @typedef {{id: string, kind: 'call'|'change'|'promise', at: string, call: Call|null, change: ContactChange|null, promise: Promise|null}} TimelineItem
 *
 * @typedef {'requested'|'ringing'|'talking'|'answered'|'missed'|'cancelled'|'busy'|'unavailable'|'forbidden'|
 *   'not_found'|'failed'} CallState
 *
 * @typedef {{
 *   account: string, user: UserRef|null, state: 'ringing'|'talking'|'answered'|'cancelled',
 *   ringing_at: string|null, answered_at: string|null, ended_at: string|null,
 * }} Leg
 *
 * @typedef {'none'|'waiting'|'ready'|'failed'} RecordingState
 * @typedef {{code: string, params: object, detail: string}} Reason
 * @typedef {{
 *   state: RecordingState, url: string|null, duration_s: number|null, size_bytes: number|null, next_try_at: string|null, why: Reason|null,
 *   heard_by: UserRef[],
 * }} Recording
 * @typedef {'pending'|'sent'|'failed'|'cancelled'} DeliveryState
 * @typedef {{integration: string, state: DeliveryState}} Delivery
 *
 * @typedef {{
 *   id: string, integration: string, callid: string|null, is_trial: boolean, direction: 'in'|'out', state: CallState, phone: string, phone_formatted: string,
 *   diversion: string|null, line: LineRef|null, group: string|null, contact: ContactRef|null, matches: ContactRef[],
 *   user: UserRef|null, started_at: string, answered_at: string|null, ended_at: string|null,
 *   duration_s: number|null, wait_s: number|null, recording: Recording, note: string, note_rev: number,
 *   note_by: UserRef|null, outcome: string, promise: CallPromise|null, rating: number|null, returns_to: UserRef|null, transferred_from: string|null, transferred_to: string|null, legs: Leg[],
 *   deliveries: Delivery[],
 * }} Call
 *
 * @typedef {{id: string, due_at: string, text: string, done_at: string|null}} CallPromise
 * @typedef {{
 *   id: string, call: string|null, number: string, number_formatted: string, contact: ContactRef|null, user: UserRef|null,
 *   due_at: string, text: string, made_at: string, done_at: string|null, done_by_call: string|null,
 * }} Promise
 *
 * @typedef {{at: string, user: UserRef|null, duration_s: number|null, note: string, outcome: string}} LastTalk
 *
 * @typedef {Call & {
 *   rev: number, for_me: boolean, responsible: UserRef|null, company: string, tags: string[], vip: boolean, alert: string, last: LastTalk|null,
 *   calls_count: number, missed_open: number,
 * }} Card
 *
 * @typedef {{
 *   id: string, rev: number, numbers: string[], number: string, number_formatted: string, contact: ContactRef|null, responsible: UserRef|null, line: LineRef|null, count: number,
 *   first_at: string|null, last_at: string|null, due_at: string|null, morning_at: string|null,
 *   why: {kind: 'off_hours'|'hung_up_early'|'rang_unanswered'|'nobody_rung', after_s: number|null, rang: UserRef[]}|null,
 *   is_vip: boolean, state: 'new'|'taken'|'called_back'|'snoozed'|'closed', taken_by: UserRef|null, taken_at: string|null,
 *   snoozed_until: string|null,
 *   reason: string, calls: string[],
 * }} MissedRow
 *
 * @typedef {{at: string, by: UserRef|null, why: string}} Blocked
 * @typedef {{
 *   number: string, number_formatted: string, contacts: ContactRef[], blocked: Blocked|null, first_call_at: string|null, calls_count: number,
 * }} PhoneNumber
 *
 * @typedef {{created_at: string, expires_at: string|null, last_used_at: string|null}} CrmToken
 * @typedef {{
 *   id: string, name: string, kind: 'cloud-pbx'|'sipsim'|'uis'|'mango', settings: object, created_at: string,
 *   crm_tokens: CrmToken[], crm_token?: string, warning: {detail: string, why: {code: 'plain_http'}}|null,
 * }} Integration
 * @typedef {{account: string, name: string, user: UserRef|null}} Account
 * @typedef {{kind: 'account'|'number', integration: string, name: string, heard_at: string, is_nobody: boolean}} Unnamed what a PBX named and nobody here has a name for
 * @typedef {{
 *   id: string, name: string, applies: ('in'|'out'|'missed')[], asks: 'none'|'promise'|'note', is_archived: boolean,
 * }} Outcome
 * @typedef {{
 *   outcomes: Outcome[], numbers: LineRef[], lead_on_missed: boolean, contact_on_outgoing: boolean,
 *   keep_unknown_users: boolean, region: string, default_user: UserRef|null, senior_manager: UserRef|null,
 *   retention: {calls_d: number|null, webhooks_d: number|null, recordings_d: number|null, leads_d: number|null, audit_d: number|null}, working_hours: WorkingHours|null, sites: Site[],
 *   callback_min: number, vip_callback_min: number, short_miss_s: number, return_to: 'caller'|'off', return_h: number,
 *   display_name: string, transliterate: boolean, second_factor_for_admins: boolean,
 * }} SettingsAnswer
 * @typedef {{from: string, to: string}} Interval times of day, `HH:MM`
 * @typedef {{from: string, to: string, name: string, intervals: Interval[]}} Exception dates
 * @typedef {{zone: string, days: Partial<Record<'mon'|'tue'|'wed'|'thu'|'fri'|'sat'|'sun', Interval[]>>, exceptions: Exception[]}} WorkingHours
 * @typedef {{id: string, name: string, working_hours: WorkingHours|null, numbers: string[]}} Site
 *
 * @typedef {{
 *   id: string, integration: string, received_at: string, cmd: string, content_type: string, body: string, status: number,
 *   why: PushWhy[], detail: string, call: string|null,
 * }} Webhook
 * @typedef {{code: 'member_missing'|'member_blank'|'member_twice'|'member_unknown', params: {member: string}} |
 *   {code: 'member_too_long', params: {member: string, most_bytes: number}} |
 *   {code: 'member_no_number', params: {member: string, least: number, most: number}} |
 *   {code: 'member_nested'|'nul_character'|'invalid_utf8'|'no_json_object'|'link_no_address'|'call_unreadable'|'untold'} |
 *   {code: 'start_ahead'|'start_before'|'start_after', params: {minutes: number}} | {code: 'legs_full', params: {most: number}}} PushWhy
 * @typedef {{
 *   id: string, integration: string, call: string, state: DeliveryState, announced_at: string|null, tries: number,
 *   next_at: string|null, error: string, why: import('./errors.js').Why|null, answer: string, created_at: string, changed_at: string,
 * }} Sending an item of the outbox; a reason may be any that there is
 *
 * @typedef {'set_up'|'signed_in'|'signed_out'|'session_ended'|'user_made'|'user_changed'|'user_disabled'|'user_invited'|'invite_accepted'|'integration_made'|
 *   'integration_changed'|'integration_removed'|'crm_token_made'|'second_factor_on'|'second_factor_off'|'api_token_made'|'api_token_ended'|'settings_changed'|'contact_deleted'|'contacts_exported'|'calls_exported'|'contacts_imported'|'import_undone'|'contacts_merged'|'merge_undone'|'person_exported'|'person_erased'|'recording_played'|'backup_asked'|'backup_made'|'restored'|'unnamed_changed'} Action
 * @typedef {{
 *   id: string, at: string, action: Action|null, by: UserRef|null, token: string|null, address: string|null, about: {id: string, name: string}|null,
 *   role: Role|null, fields: string[],
 * }} AuditEntry
 * @typedef {{
 *   id: string, name: string, role: Role, user: UserRef, made_at: string, last_used_at: string|null, expires_at: string|null,
 * }} ApiToken
 * @typedef {ApiToken & {token: string}} MadeApiToken
 *
 * @typedef {'store'|'clock'|'disk'|'data_dir'|'address'|'job'|'damaged_row'|'pushes'|'recordings'|'contact_answers'|'backup'} Subject
 * @typedef {{
 *   code: Subject, about: string, works: boolean, why: Found, proof: string, advice: string,
 * }} Finding
 * @typedef {{code: 'store_well'|'store_refuses'|'data_dir_in_container'|'address_safe'|'address_exposed'|'job_well'|'push_none'|'backup_off'|'backup_none'} |
 *   {code: 'store_damaged', params: {what: string}} | {code: 'store_log_long', params: {log_mb: number}} | {code: 'clock_apart', params: {apart_s: number}} |
 *   {code: 'disk_free'|'disk_low', params: {free_mb: number}} |
 *   {code: 'job_failed'|'job_down', params: {failures: number}} | {code: 'row_unreadable', params: {why: string}} |
 *   {code: 'push_last', params: {at: string}} | {code: 'pushes_refused'|'pushes_doubted', params: {count: number, detail: string}} |
 *   {code: 'recordings_waiting', params: {count: number}} | {code: 'recordings_failed', params: {count: number, detail: string}} | {code: 'recordings_paused', params: {free_mb: number}} |
 *   {code: 'answered_within'|'answered_late', params: {count: number, p50_ms: number, p95_ms: number, budget_ms: number}} |
 *   {code: 'backup_last', params: {at: string, count: number}} | {code: 'backup_old', params: {at: string}} |
 *   {code: 'backup_unreadable', params: {why: string}}} Found
 *
 * @typedef {'name'|'last_name'|'first_name'|'middle_name'|'company'|'phones'|'phone_label'|'email'|'note'|'tags'|'kind'|'responsible'|'vip'|'alert'} ImportField
 * @typedef {{name: string, samples: string[], field: ImportField|null}} ImportColumn field: what it is taken for
 * @typedef {{id: string, name: string, format: 'csv'|'vcf'|'xlsx', encoding: string, sheets: string[], sheet: string, rows: number, columns: ImportColumn[], made_at: string}} Import a file of clients
 * @typedef {{columns: (ImportField|null)[], match: 'number'|'email'|'none', on_match: 'add'|'replace'|'skip'|'new', people: object}} ImportPlan
 * @typedef {{removed: number, restored: number, kept: number}} UndoTally
 * @typedef {{made: number, changed: number, same: number, skipped: number, refused: number, fields: object, people: object, undone: UndoTally}} Tally what came of a file, by row and by field
 * @typedef {{
 *   id: string, kind: 'import'|'backup'|'merge', state: 'waiting'|'running'|'done'|'failed'|'cancelled'|'undone', is_undoing: boolean, done: number, total: number,
 *   by: UserRef|null, made_at: string, ended_at: string|null, result: Tally, error: Reason|null, undo_until: string|null,
 * }} Task
 *
 * @typedef {{by: 'number'|'email'|'name', value: string, contacts: Contact[]}} Pair two contacts that may be one
 * @typedef {{contact: Contact, task: Task}} Merged the task takes it back
 *
 * @typedef {'contacts'|'calls'|'promises'|'recordings'|'webhooks'|'audit'|'files'|'merges'|'backups'} KeptKind
 * @typedef {{kind: KeptKind, count: number|null, oldest_at: string|null, size_bytes: number|null, days: number|null}} Kept days: null is for ever
 * @typedef {{numbers: string[], contacts: ContactRef[], calls: number, notes: number, promises: number, recordings: number}} KeptOfPerson
 * @typedef {{contacts: number, calls: number, promises: number, webhooks: number, rows: number}} Erased
 *
 * @typedef {{cards: Card[], missed_open: number}} Snapshot
 * @typedef {{
 *   snapshot: Snapshot, card: Card, call: Changed, missed: {open: number}, row: Changed, promise: Changed, due: Promise, contact: Changed, number: Changed, task: Task,
 * }} Topics what the live stream says, by its events' names
 * @typedef {{id: string|null, rev?: number}} Changed null: too many to name them
 * @typedef {'connecting'|'live'|'offline'|'signed-out'} StreamState
 * @typedef {{
 *   calls: number, answered: number, missed: number, called_back: number, in_time: number, rang_again: number, waiting: number,
 *   callback_p50_s: number|null, callback_p90_s: number|null, wait_p50_s: number|null, wait_p90_s: number|null,
 *   talk_s: number, clients: number, new_clients: number,
 * }} CallFigures
 * @typedef {CallFigures & {key: string, label: string, query: string, before: CallFigures|null}} CallReportRow
 * @typedef {{from: string, to: string}} Period
 * @typedef {{from: string, to: string, zone: string, compared: Period|null, counting: boolean, rows: CallReportRow[], total: CallReportRow}} CallReport
 * @typedef {{
 *   rang: number, took: number, ignored: number, pickup_p50_s: number|null, out: number, talk_s: number, callbacks: number, in_time: number,
 *   without_outcome: number,
 * }} PersonFigures
 * @typedef {PersonFigures & {key: string, user: UserRef, query: string, before: PersonFigures|null}} PersonReportRow
 * @typedef {{from: string, to: string, zone: string, compared: Period|null, rows: PersonReportRow[]}} PeopleReport
 *
 * @typedef {string | Record<string, string>} Entry a sentence with {names}, or its plural forms by {n}
 */

export {};
