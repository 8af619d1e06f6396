// @ts-check
/** Who wants to hear of what the live stream says. */

/** @typedef {import('../core/types.js').Topics} Topics */

/** @type {Map<string, Set<(data: any) => void>>} */
const listeners = new Map();

/**
 * Gives the way to hear no more.
 * @template {keyof Topics} T
 * @param {T} topic
 * @param {(data: Topics[T]) => void} hear
 */
export function on(topic, hear) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic)?.add(hear);
  return () => {
    listeners.get(topic)?.delete(hear);
  };
}

/** @param {string} topic @param {any} data */
export function tell(topic, data) {
  for (const hear of listeners.get(topic) ?? []) hear(data);
}
