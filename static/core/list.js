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

/**
 * A row that says its `rev` is not asked for again by the news of it.
 * @template {{id: string, rev?: number}} T
 * @typedef {object} Source
 * @property {number} size rows on a page
 * @property {(limit: number, cursor: string|null) => Promise<{items: T[], next: string|null}>} page
 * @property {(id: string) => Promise<T>} one a 404 takes the row out
 * @property {(item: T) => string} at the instant that orders the list, the latest first
 * @property {(item: T) => boolean} [belongs] whether the item is for this list still
 */

/**
 * @template {{id: string, rev?: number}} T
 * @param {Source<T>} source
 */
export function list({ size, page, one, at, belongs = () => true }) {
  /** @type {{value: T[]|null}} null: not read yet */
  const items = signal(/** @type {T[]|null} */ (null));
  /** Where the next page begins; null: all rows are here. @type {{value: string|null}} */
  const next = signal(/** @type {string|null} */ (null));
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
    const waiting = [...asked.keys()];
    meanwhile.clear();
    const answer = await page(Math.min(room, LARGEST), null);
    isStale = false;
    waiting.forEach((id) => asked.delete(id));
    items.value = answer.items;
    next.value = answer.next;
    room = Math.max(size, answer.items.length);
    meanwhile.forEach(put);
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
  }

  /** The item as it is now: no need to ask. @param {T} item */
  function put(item) {
    if ((item.rev ?? Infinity) >= (asked.get(item.id) ?? 0)) asked.delete(item.id);
    if (isBusy) meanwhile.set(item.id, item);
    if (items.value === null) return;
    const rest = items.value.filter(({ id }) => id !== item.id);
    if (!belongs(item)) {
      items.value = rest;
      return;
    }
    rest.push(item);
    rest.sort((a, b) => Date.parse(at(b)) - Date.parse(at(a)) || (a.id < b.id ? 1 : -1));
    if (next.value !== null && rest.at(-1) === item) rest.pop(); // the next page will bring it
    items.value = rest;
    if (rest.length >= room + size) refresh(); // reading anew cuts the list to its room again
  }

  /** Something changed, and nobody can say what. */
  function refresh() {
    isStale = true;
    soon();
  }

  return {
    items,
    next,
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
      room = items.value.length;
    },
  };
}
