// @ts-check
/** Notes on their way: kept in localStorage from the first key until the server has confirmed them. */
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';
import { read, write } from '../core/prefs.js';

const PAUSE_MS = 600;
const RETRY_MS = 4000;
const PREFIX = 'ringcard.draft.';

/** @typedef {'typing'|'saving'|'saved'|'waiting'|'refused'} NoteState */

/** What stands in the field while the server does not have it yet, by call. @type {{value: Record<string, string>}} */
export const drafts = signal({});
/** @type {{value: Record<string, NoteState>}} */
export const noteStates = signal({});

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();
let owner = '';

/**
 * Takes up what an earlier page of this person left unsent.
 * @param {string} userId
 */
export function takeUp(userId) {
  owner = userId;
  /** @type {Record<string, string>} */
  const found = {};
  for (const key of keys()) {
    const call = key.slice((PREFIX + owner).length + 1);
    found[call] = read(key) ?? '';
  }
  drafts.value = found;
  for (const call of Object.keys(found)) schedule(call, 0);
  addEventListener('pagehide', () => Object.keys(drafts.value).forEach((call) => send(call)));
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${owner}.`));
  } catch {
    return [];
  }
}

/**
 * The person typed.
 * @param {string} call
 * @param {string} note
 */
export function type(call, note) {
  drafts.value = { ...drafts.value, [call]: note };
  write(`${PREFIX}${owner}.${call}`, note);
  become(call, 'typing');
  schedule(call, PAUSE_MS);
}

/** Sends what is unsent now: the field was left. @param {string} call */
export function flush(call) {
  if (call in drafts.value) schedule(call, 0);
}

/** @param {string} call @param {number} inMs */
function schedule(call, inMs) {
  clearTimeout(timers.get(call));
  timers.set(call, setTimeout(() => send(call), inMs));
}

/** @param {string} call */
async function send(call) {
  clearTimeout(timers.get(call));
  const note = drafts.value[call];
  if (note === undefined) return;
  become(call, 'saving');
  try {
    await api.changeCall(call, { note });
    if (drafts.value[call] === note) confirmed(call);
  } catch (refusal) {
    const status = refusal instanceof api.Refusal ? refusal.status : 0;
    if (status === 404 || status === 403 || status === 422) {
      // It stays in the field, to be copied elsewhere; sending it again would change nothing.
      write(`${PREFIX}${owner}.${call}`, null);
      become(call, 'refused');
      return;
    }
    become(call, 'waiting');
    schedule(call, RETRY_MS);
  }
}

/** @param {string} call */
function confirmed(call) {
  forget(call);
  become(call, 'saved');
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
