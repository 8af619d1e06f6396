// @ts-check
/** The cards on this tab's screen: what the stream says, less what the person sent away. */
import { batch, computed, effect, signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';
import { preference, watchAll } from '../core/prefs.js';
import { me } from '../core/session.js';
import { serverNow } from '../core/ticks.js';
import { on } from '../live/topics.js';
import { openForms } from './contact-drafts.js';
import { accept, drafts, needsEyes, takeUp } from './drafts.js';
import { answeredByAnother, hasEnded } from './phase.js';

/** @typedef {import('../core/types.js').Card} Card */
/** @typedef {import('./phase.js').Phase} Phase */
/** @typedef {{card: Card, leavesAt: number|null}} Shown leavesAt: server time when it folds away by itself */

const ANOTHER_MS = 3_000;
const ENDED_MS = 20_000;
const MISSED_MS = 8_000;
/** A click of which nothing was heard. */
const UNHEARD_MS = 5 * 60_000;
const REMEMBERED = 60;
/** Whatever is said of a call that so many others came after is new. */
const REVISIONS = 500;

/** @type {{value: number|null}} */
export const missedOpen = signal(null);
/** Calls of which the person sent the card away, in any tab of this browser. @type {{value: string[]}} */
const gone = preference('gone', []);
/** Calls on whose card something was typed or chosen. @type {{value: string[]}} */
const touched = preference('touched', []);
/** @type {{value: Map<string, Shown>}} */
const shown = signal(new Map());
/** The newest revision seen of each call, also of those not shown. @type {Map<string, number>} */
const revisions = new Map();
/** Cards under the pointer or with the focus do not fold away. @type {{value: Map<string, 'pointer'|'focus'>}} */
export const inUse = signal(new Map());
/** Calls whose card was asked for again: it stays until it is sent away. @type {Set<string>} */
const reopened = new Set();

/** Newest first: ids grow with time, while a report may move the start of a call. @type {{value: Shown[]}} */
export const stack = computed(() =>
  [...shown.value.values()]
    .filter(({ card }) => !isGone(card.id))
    .sort((a, b) => (a.card.id < b.card.id ? 1 : -1)),
);

/** From now on the screen shows what the stream says. */
export function followStream() {
  on('snapshot', replaceAll);
  on('card', apply);
  on('missed', ({ open }) => (missedOpen.value = open));
  takeUp(me.value?.id ?? '', ({ id, note, note_rev, note_by }) => amend(id, { note, note_rev, note_by }));
  effect(() => {
    for (const id of Object.keys(drafts.value)) {
      if (needsEyes(id) && !shown.value.has(id) && !isGone(id) && !followers.has(id)) bringBack(id);
    }
    for (const id of openForms()) {
      if (!shown.value.has(id) && !isGone(id)) bringBack(id);
    }
  });
}

/** What a card says beside its call, where only the call is known. */
const BARE = { rev: -1, for_me: true, responsible: null, company: '', tags: [], vip: false, alert: '', last: null, calls_count: 0, missed_open: 0 };
/** @type {Set<string>} */
const broughtBack = new Set();

/** The card of any call, also of one whose card was sent away. @param {string} id */
export async function openAgain(id) {
  reopened.add(id);
  gone.value = gone.value.filter((other) => other !== id);
  if (shown.value.has(id)) return;
  const card = { ...BARE, ...(await api.call(id)) };
  if (!shown.value.has(id)) place(card, undefined);
}

/** What waits for its person has its card on the screen, however old the call. @param {string} id */
async function bringBack(id) {
  if (broughtBack.has(id)) return;
  broughtBack.add(id);
  try {
    await openAgain(id);
    broughtBack.delete(id);
  } catch (refusal) {
    if (!(refusal instanceof api.Refusal && refusal.status === 404)) broughtBack.delete(id);
  }
}

/** @param {string} id */
const isGone = (id) => gone.value.includes(id) && !drafts.value[id]?.joined;

/** In one step: nobody must see the moment without cards, or the ringing would begin anew. @param {import('../core/types.js').Snapshot} snapshot */
function replaceAll(snapshot) {
  batch(() => replace(snapshot));
}

/** @param {import('../core/types.js').Snapshot} snapshot */
function replace(snapshot) {
  missedOpen.value = snapshot.missed_open;
  const before = shown.value;
  const listed = new Set(snapshot.cards.map((card) => card.id));
  revisions.clear();
  shown.value = new Map();
  for (const card of snapshot.cards) place(card, before.get(card.id));
  for (const [id, old] of before) {
    if (!listed.has(id) && isHeld(id)) askHowItEnded(old.card);
  }
}

/** A card that somebody is writing on is not taken from under his hands: its call is looked up. @param {Card} card */
async function askHowItEnded(card) {
  try {
    place({ ...card, ...(await api.call(card.id)), for_me: true }, undefined);
  } catch {
    // the note stays in the drafts and goes out by itself
  }
}

/** @param {Card} card */
function apply(card) {
  if ((revisions.get(card.id) ?? -1) > card.rev) return;
  place(card, shown.value.get(card.id));
}

/** A page is open for days: what it knows of calls must have an end. @param {Card} card */
function remember({ id, rev }) {
  revisions.delete(id);
  revisions.set(id, rev);
  for (const [oldest] of revisions) {
    if (revisions.size <= REVISIONS) return;
    revisions.delete(oldest);
  }
}

/** @param {Card} card @param {Shown|undefined} before */
function place(card, before) {
  remember(card);
  const next = new Map(shown.value);
  const leavesAt = whenToLeave(card, before);
  if (leavesAt !== null && leavesAt <= serverNow() && !isHeld(card.id)) next.delete(card.id);
  else next.set(card.id, { card, leavesAt });
  shown.value = next;
}

/**
 * null: it stays. A time in the past: it is not for this screen.
 * @param {Card} card
 * @param {Shown|undefined} before
 */
function whenToLeave(card, before) {
  const now = serverNow();
  if (reopened.has(card.id)) return null;
  if (answeredByAnother(card, me.value) && !watchAll.value) {
    if (before?.card.state === 'ringing') return now + ANOTHER_MS;
    return before?.leavesAt ?? 0;
  }
  if (!card.for_me && !watchAll.value) return 0;
  if (card.state === 'requested') return Date.parse(card.started_at) + UNHEARD_MS;
  if (!hasEnded(card)) return null;
  const endedAt = card.ended_at ? Date.parse(card.ended_at) : now;
  if (before && !hasEnded(before.card)) return now + lingersMs(card);
  return (before?.leavesAt ?? endedAt + lingersMs(card));
}

/** @param {Card} card */
function lingersMs(card) {
  return card.state === 'missed' ? MISSED_MS : ENDED_MS;
}

/** Whether the person is at work on the card; `by` leaves out the pointer that only lies upon it. @param {string} id @param {'focus'} [by] */
export function isHeld(id, by) {
  const use = inUse.value.get(id);
  return (by ? use === by : use !== undefined) || isTouched(id) || id in drafts.value;
}

/** Folds away what has had its time; called every second. */
export function foldAway() {
  const now = serverNow();
  const due = [...shown.value].filter(([id, { leavesAt }]) => leavesAt !== null && leavesAt <= now && (!isHeld(id) || isGone(id)));
  if (due.length === 0) return;
  const next = new Map(shown.value);
  for (const [id] of due) next.delete(id);
  shown.value = next;
}

/** @param {string} id @param {'pointer'|'focus'|null} by null: nobody is at it any more */
export function hold(id, by) {
  if (inUse.value.get(id) === (by ?? undefined)) return;
  const next = new Map(inUse.value);
  if (by) next.set(id, by);
  else next.delete(id);
  inUse.value = next;
}

/** @param {string} id */
export const isTouched = (id) => touched.value.includes(id);

/** Something was typed or chosen on the card: it stays until it is sent away. @param {string} id */
export function touch(id) {
  if (!isTouched(id)) touched.value = [...touched.value, id].slice(-REMEMBERED);
}

/** Sends the card away, for me only, on all my tabs. @param {string} id */
export async function dismiss(id) {
  accept(id);
  reopened.delete(id);
  gone.value = [...gone.value, id].slice(-REMEMBERED);
  try {
    await api.dismiss(id);
  } catch (refusal) {
    if (refusal instanceof api.Refusal && refusal.status === 404) return;
    gone.value = gone.value.filter((other) => other !== id);
    throw refusal;
  }
}

/** Who shows a call elsewhere than on a card, to write on. @type {Map<string, (change: Partial<Card>) => void>} */
const followers = new Map();

/** Hears what the server has just answered of this call; gives the way to hear no more. @param {string} id @param {(change: Partial<Card>) => void} hear */
export function follow(id, hear) {
  followers.set(id, hear);
  return () => followers.get(id) === hear && followers.delete(id);
}

/** Shows at once what the server has just answered. @param {string} id @param {Partial<Card>} change */
export function amend(id, change) {
  followers.get(id)?.(change);
  const found = shown.value.get(id);
  if (!found) return;
  shown.value = new Map(shown.value).set(id, { ...found, card: { ...found.card, ...change } });
}
