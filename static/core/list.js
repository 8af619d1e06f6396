// @ts-check
/**
 * The one list: pages by their cursors, kept true by what the live stream says. It asks at most once a second, however much
 * happens, and waits for nothing to calm down: what goes on for hours is shown while it goes on.
 */
import { signal } from '../vendor/signals.mjs';
import { Refusal } from './api.js';

/** What comes together is one asking. */
const GATHER_MS = 200;
const EVERY_MS = 1000;
const RETRY_MS = 5000;
/** More rows than these cost more one by one than as a page. */
const MOST_SINGLE = 10;
/** The server's largest page. */
const LARGEST = 200;
/** What lies further back than so many pages stays as it was, so that reading anew takes nothing from under the reader. */
const MOST_PAGES = 5;

/**
 * A row that says its `rev` is not asked for again by the news of it.
 * @template {{id: string, rev?: number}} T
 * @typedef {object} Source
 * @property {number} size rows on a page
 * @property {(limit: number, cursor: string|null) => Promise<{items: T[], next: string|null, searched_to?: string|null}>} page
 * @property {(id: string) => Promise<T>} one a 404 takes the row out
 * @property {(item: T) => string} [at] the instant that orders the list, the latest first
 * @property {(a: T, b: T) => number} [order] instead of it: as the server orders the pages
 * @property {(item: T) => boolean} [belongs] whether the item is for this list still
 * @property {() => boolean} [waits] whether what is new waits to be asked for, so that no row moves
 */

/** @template {{id: string}} T @param {(item: T) => string} at @returns {(a: T, b: T) => number} */
const latest = (at) => (a, b) => Date.parse(at(b)) - Date.parse(at(a)) || (a.id < b.id ? 1 : -1);

/**
 * @template {{id: string, rev?: number}} T
 * @param {Source<T>} source
 */
export function list({ size, page, one, at = () => '', order = latest(at), belongs = () => true, waits = () => false }) {
  /** @type {{value: T[]|null}} null: not read yet */
  const items = signal(/** @type {T[]|null} */ (null));
  /** Where the next page begins; null: all rows are here. @type {{value: string|null}} */
  const next = signal(/** @type {string|null} */ (null));
  /** How far back the server has looked, when it stopped before the page was full. @type {{value: string|null}} */
  const searchedTo = signal(/** @type {string|null} */ (null));
  /** What came while the list waited, newest first. @type {{value: T[]}} */
  const waiting = signal(/** @type {T[]} */ ([]));
  /** How many rows were asked for. */
  let room = size;
  let isStale = false;
  /** Rows to ask for, and the revision that they have at least. @type {Map<string, number>} */
  const asked = new Map();
  /** What came while a page was on its way: it may be newer than the page. @type {Map<string, T>} */
  const meanwhile = new Map();
  let timer = 0;
  let isBusy = false;
  let begunAt = -Infinity;

  /** @param {number} inMs */
  function soon(inMs = GATHER_MS) {
    if (timer || isBusy) return;
    timer = setTimeout(run, Math.max(inMs, begunAt + EVERY_MS - Date.now()));
  }

  async function run() {
    timer = 0;
    isBusy = true;
    begunAt = Date.now();
    let wait = 0;
    try {
      if (isStale || asked.size > MOST_SINGLE) await readAnew();
      else await Promise.all([...asked.keys()].map(readOne));
    } catch {
      wait = RETRY_MS; // the stream's banner says it when there is no connection
    }
    isBusy = false;
    if (isStale || asked.size > 0) soon(wait);
  }

  async function readAnew() {
    isStale = true;
    const known = [...asked.keys()];
    meanwhile.clear();
    const before = items.value ?? [];
    const isFurther = before.length > size;
    const read = await readPages(room);
    isStale = false;
    known.forEach((id) => asked.delete(id));
    waiting.value = read.items.filter(isHeldBack);
    const held = new Set(waiting.value);
    const last = read.items.at(-1);
    const end = read.searched_to ?? (last && at(last));
    const kept = read.items.filter((item) => !held.has(item));
    const isShort = (isFurther || held.size > 0) && end && read.next !== null && kept.length < room;
    const tail = isShort ? before.filter((item) => Date.parse(at(item)) < Date.parse(end)) : [];
    items.value = [...kept, ...tail];
    if (tail.length === 0) {
      next.value = read.next;
      searchedTo.value = read.searched_to ?? null;
    }
    room = Math.max(size, items.value.length);
    meanwhile.forEach(put);
  }

  /** The newest rows, in as many pages as it takes. @param {number} count */
  async function readPages(count) {
    let answer = await page(Math.min(count, LARGEST), null);
    const found = answer.items;
    for (let pages = 1; pages < MOST_PAGES && found.length < count && answer.next !== null && !answer.searched_to; pages++) {
      answer = await page(Math.min(count - found.length, LARGEST), answer.next);
      found.push(...answer.items);
    }
    return { ...answer, items: found };
  }

  /** @param {string} id */
  async function readOne(id) {
    const rev = asked.get(id) ?? 0;
    asked.delete(id);
    try {
      const item = await one(id);
      if (item.id !== id) drop(id); // another call has taken it in
      put(item);
    } catch (refusal) {
      if (refusal instanceof Refusal && refusal.status === 404) {
        drop(id);
        return;
      }
      if (!asked.has(id)) asked.set(id, rev);
      throw refusal;
    }
  }

  /** @param {string} id */
  function drop(id) {
    items.value = items.value?.filter((item) => item.id !== id) ?? null;
    waiting.value = waiting.value.filter((item) => item.id !== id);
  }

  /** Whether it is new, would move rows that are here, and they are not to be moved. @param {T} item */
  function isHeldBack(item) {
    const last = items.value?.at(-1);
    return last !== undefined && waits() && order(item, last) < 0 && !items.value?.some(({ id }) => id === item.id);
  }

  /** The item as it is now: no need to ask. @param {T} item */
  function put(item) {
    if ((item.rev ?? Infinity) >= (asked.get(item.id) ?? 0)) asked.delete(item.id);
    if (isBusy) meanwhile.set(item.id, item);
    if (items.value === null) return;
    const unseen = waiting.value.filter(({ id }) => id !== item.id);
    if (belongs(item) && isHeldBack(item)) {
      waiting.value = [...unseen, item].sort(order);
      return;
    }
    if (unseen.length < waiting.value.length) waiting.value = unseen;
    const rest = items.value.filter(({ id }) => id !== item.id);
    if (!belongs(item)) {
      items.value = rest;
      return;
    }
    rest.push(item);
    rest.sort(order);
    if (next.value !== null && rest.at(-1) === item) rest.pop(); // the next page will bring it
    items.value = rest;
    if (rest.length >= room + size) refresh(); // reading anew cuts the list to its room again
  }

  /** Something changed, and nobody can say what. */
  function refresh() {
    isStale = true;
    soon(items.value === null ? 0 : GATHER_MS);
  }

  return {
    items,
    next,
    searchedTo,
    waiting,
    /** What waited comes on top. */
    release() {
      const held = waiting.value;
      waiting.value = [];
      items.value = [...held, ...(items.value ?? [])].sort(order);
      room += held.length;
    },
    put,
    refresh,
    has: (/** @type {string} */ id) => items.value?.some((item) => item.id === id) ?? false,
    /** This row changed, and has this revision now. @param {string} id @param {number} [rev] */
    touch(id, rev = Infinity) {
      if ((items.value?.find((item) => item.id === id)?.rev ?? -1) >= rev) return;
      asked.set(id, rev === Infinity ? 0 : rev);
      soon();
    },
    /** The page after the last row. */
    async more() {
      const cursor = next.value;
      const answer = await page(size, cursor);
      if (next.value !== cursor) return; // the list was read anew meanwhile
      const here = new Set(items.value?.map(({ id }) => id));
      items.value = [...(items.value ?? []), ...answer.items.filter(({ id }) => !here.has(id))];
      next.value = answer.next;
      searchedTo.value = answer.searched_to ?? null;
      room = items.value.length;
    },
  };
}
