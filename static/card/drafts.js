// @ts-check
/**
 * Notes on their way: kept in localStorage from the first key until the server has confirmed them. A draft knows which
 * writing of the note it was typed upon; when somebody else has written meanwhile, both texts stand in the field, and go
 * out only when the person types on or says so.
 */
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';
import { read, write } from '../core/prefs.js';
import { me } from '../core/session.js';
import { join } from './join.js';

const PAUSE_MS = 600;
const RETRY_MS = 4000;
const PREFIX = 'ringcard.draft.';

/** @typedef {import('../core/types.js').Call} Call */
/** @typedef {import('../core/types.js').UserRef} UserRef */
/** @typedef {{note: string, note_rev: number, note_by: UserRef|null}} Written */
/** @typedef {'typing'|'saving'|'saved'|'waiting'|'refused'|'joined'} NoteState */
/**
 * What stands in the field while the server does not have it yet: `base` and `rev` are the note it was typed upon.
 * `joined`: `base` was written meanwhile, by `by`, and the person has not answered it yet.
 * @typedef {{note: string, base: string, rev: number, joined?: boolean, by?: UserRef|null}} Draft
 */

/** By call. @type {{value: Record<string, Draft>}} */
export const drafts = signal({});
/** @type {{value: Record<string, NoteState>}} */
export const noteStates = signal({});

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();
/** Notes under way: a second request would be answered with a conflict between the two. @type {Set<string>} */
const sending = new Set();
/** What was sent and not confirmed yet: an answer may have been lost on the way. @type {Map<string, Set<string>>} */
const sent = new Map();
let owner = '';
/** @type {(call: Call) => void} */
let saved = () => {};

/**
 * Takes up what an earlier page of this person left unsent.
 * @param {string} userId
 * @param {(call: Call) => void} whenSaved hears of each note that the server has taken
 */
export function takeUp(userId, whenSaved) {
  owner = userId;
  saved = whenSaved;
  /** @type {Record<string, Draft>} */
  const found = {};
  for (const key of keys()) {
    found[key.slice((PREFIX + owner).length + 1)] = parse(read(key) ?? '');
  }
  drafts.value = found;
  for (const [call, draft] of Object.entries(found)) {
    if (draft.joined) become(call, 'joined');
    else schedule(call, 0);
  }
  addEventListener('pagehide', () => Object.keys(drafts.value).forEach(send));
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${owner}.`));
  } catch {
    return [];
  }
}

/** A draft of an older version is its text alone, typed upon nobody knows what. @param {string} text @returns {Draft} */
function parse(text) {
  try {
    const draft = JSON.parse(text);
    if (typeof draft?.note === 'string') return draft;
  } catch {
    // as it is
  }
  return { note: text, base: '', rev: 0 };
}

/**
 * The person typed; whatever stood in the field has been seen.
 * @param {Call} call
 * @param {string} note
 */
export function type(call, note) {
  const { base, rev } = drafts.value[call.id] ?? { base: call.note, rev: call.note_rev };
  keep(call.id, { note, base, rev });
  become(call.id, 'typing');
  schedule(call.id, PAUSE_MS);
}

/** Sends what is unsent now: the field was left. What waits for an answer goes on waiting. @param {string} call */
export function flush(call) {
  if (call in drafts.value) schedule(call, 0);
}

/** The person has seen both texts and wants them, or sends the card away with them on it. @param {string} call */
export function accept(call) {
  const draft = drafts.value[call];
  if (!draft?.joined) return;
  keep(call, { note: draft.note, base: draft.base, rev: draft.rev });
  schedule(call, 0);
}

/** Whether the note cannot go out before its person has looked at it. @param {string} call */
export const needsEyes = (call) => drafts.value[call]?.joined === true || noteStates.value[call] === 'refused';

/** @param {string} call @param {Draft} draft */
function keep(call, draft) {
  drafts.value = { ...drafts.value, [call]: draft };
  write(`${PREFIX}${owner}.${call}`, JSON.stringify(draft));
}

/** @param {string} call @param {number} inMs */
function schedule(call, inMs) {
  clearTimeout(timers.get(call));
  timers.set(call, setTimeout(() => send(call), inMs));
}

/** @param {string} call */
async function send(call) {
  clearTimeout(timers.get(call));
  const draft = drafts.value[call];
  if (!draft || draft.joined || sending.has(call)) return;
  sending.add(call);
  sent.set(call, (sent.get(call) ?? new Set()).add(draft.note.trim()));
  become(call, 'saving');
  try {
    taken(call, draft.note, await api.changeCall(call, { note: draft.note, note_rev: draft.rev }));
  } catch (refusal) {
    refused(call, refusal);
  } finally {
    sending.delete(call);
  }
}

/** @param {string} id @param {string} note what was sent @param {Call} call */
function taken(id, note, call) {
  saved(call);
  sent.delete(id);
  const draft = drafts.value[id];
  if (draft && draft.note !== note) {
    keep(id, { ...draft, base: call.note, rev: call.note_rev });
    schedule(id, PAUSE_MS);
    return;
  }
  forget(id);
  become(id, 'saved');
}

/** @param {string} call @param {unknown} refusal */
function refused(call, refusal) {
  const { status, code, problem } = refusal instanceof api.Refusal ? refusal : new api.Refusal(0, {});
  if (code === 'note_changed') {
    meet(call, /** @type {Written} */ (problem));
  } else if (status === 404) {
    // The call is gone. It stays in the field, to be copied elsewhere.
    write(`${PREFIX}${owner}.${call}`, null);
    become(call, 'refused');
  } else if (status === 403 || status === 422) {
    // To send it again would change nothing.
    if (drafts.value[call]?.note.trim()) become(call, 'refused');
    else forget(call);
  } else {
    become(call, 'waiting');
    schedule(call, RETRY_MS);
  }
}

/** Somebody has written since: both texts go into the field. @param {string} call @param {Written} theirs */
function meet(call, theirs) {
  const draft = drafts.value[call];
  if (!draft) return;
  const note = join(theirs.note, draft.note, draft.base);
  const joined = { note, base: theirs.note, rev: theirs.note_rev };
  const isMine = theirs.note_by?.id === me.value?.id && (note === draft.note || sent.get(call)?.has(theirs.note));
  const isInTheirs = note === theirs.note && draft.note.trim() !== '';
  if (isMine || isInTheirs) {
    // From another window of mine, or with an answer that was lost; or they wrote what I did. Nobody's text goes.
    keep(call, isMine ? { ...joined, note: draft.note } : joined);
    schedule(call, 0);
    return;
  }
  keep(call, { ...joined, joined: true, by: theirs.note_by });
  become(call, 'joined');
}

/** @param {string} call */
function forget(call) {
  const { [call]: _, ...rest } = drafts.value;
  drafts.value = rest;
  write(`${PREFIX}${owner}.${call}`, null);
}

/** @param {string} call @param {NoteState} state */
function become(call, state) {
  noteStates.value = { ...noteStates.value, [call]: state };
}
