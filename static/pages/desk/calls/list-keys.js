// @ts-check
import { useEffect, useRef } from '../../../vendor/hooks.mjs';
import { bind } from '../../../core/keys.js';
import { openCall, openId } from './open.js';

/**
 * `j` and `k` go through the list: with a call open the next one is opened, else a row is chosen. Past the end the next page comes.
 * @param {{past: import('./past.js').Past|null, open: string, chosen: string, choose: (id: string) => void}} at
 */
export function useListKeys(at) {
  const now = useRef(at);
  now.current = at;
  /** The call at which the list is: keys come faster than the page is drawn. */
  const cursor = useRef('');
  cursor.current = at.open || at.chosen;
  /** Where the row stood that the list has no longer. */
  const place = useRef(-1);
  useEffect(() => {
    const go = (/** @type {number} */ step) => move(now.current, cursor, place, step);
    return bind([
      { id: 'calls.next', keys: ['j', 'ArrowDown'], words: 'calls.next', when: () => canMove(), run: () => go(1) },
      { id: 'calls.previous', keys: ['k', 'ArrowUp'], words: 'calls.previous', when: () => canMove(), run: () => go(-1) },
    ]);
  }, []);
}

/** Not where keys have another meaning. */
const canMove = () => !document.activeElement?.closest('.card, .menu');

/** @param {{past: import('./past.js').Past|null, open: string, chosen: string, choose: (id: string) => void}} at @param {{current: string}} cursor @param {{current: number}} place @param {number} step */
async function move({ past, choose }, cursor, place, step) {
  if (!past) return;
  const rows = () => past.items.value ?? [];
  const index = rows().findIndex(({ id }) => id === cursor.current);
  const from = index >= 0 ? index : cursor.current ? place.current - (step > 0 ? 1 : 0) : -1;
  if (from + step < 0 && past.waiting.value.length > 0) {
    const held = past.waiting.value.length;
    past.release();
    return arrive(rows()[held - 1]);
  }
  if (from + step >= rows().length && past.next.value !== null) await past.more().catch(() => {});
  place.current = Math.max(0, Math.min(from + step, rows().length - 1));
  return arrive(rows()[place.current]);

  /** @param {{id: string}|undefined} call */
  function arrive(call) {
    if (!call) return;
    cursor.current = call.id;
    if (openId()) openCall(call.id);
    else choose(call.id);
  }
}
