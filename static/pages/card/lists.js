// @ts-check
/** The two lists beside the cards, read again when the stream says that something changed. */
import { signal } from '../../vendor/signals.mjs';
import * as api from '../../core/api.js';
import { on } from '../../live/topics.js';

const PAUSE_MS = 250;

/**
 * @template T
 * @param {() => Promise<{items: T[]}>} get
 */
function list(get) {
  /** @type {{value: T[]|null}} null: not read yet */
  const items = signal(/** @type {T[]|null} */ (null));
  let timer = 0;
  const read = async () => {
    try {
      items.value = (await get()).items;
    } catch {
      // the stream's banner says that there is no connection; the next snapshot reads again
    }
  };
  /** Many events at once are one reading. */
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(read, PAUSE_MS);
  };
  return { items, refresh };
}

export const board = list(api.missed);
export const calls = list(() => api.lastCalls(10));

/** From now on both show what the stream says. */
export function followStream() {
  for (const topic of /** @type {('snapshot'|'missed')[]} */ (['snapshot', 'missed'])) on(topic, board.refresh);
  for (const topic of /** @type {('snapshot'|'card')[]} */ (['snapshot', 'card'])) on(topic, calls.refresh);
}
