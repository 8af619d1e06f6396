// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { on } from '../live/topics.js';
import { block, unblock } from './block.js';

/**
 * Whether a number is blocked, kept up to date, and the way there and back. A client's number is asked about first:
 * `isAsked` then, and whoever presses again means it.
 *
 * @param {string} phone
 */
export function useBlocked(phone) {
  const [known, setKnown] = useState(/** @type {import('../core/types.js').PhoneNumber|null} */ (null));
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    const read = () => api.number(phone).then(setKnown, () => setKnown(null));
    read();
    const ways = [on('snapshot', read), on('number', ({ id }) => (id === null || id === phone) && read())];
    return () => ways.forEach((stop) => stop());
  }, [phone]);
  const isClients = known !== null && known.contacts.some(({ name, company }) => name || company);
  const act = () => {
    if (isClients && !isAsked) return setAsked(true);
    setAsked(false);
    return block(phone, { force: isClients });
  };
  return { known, isAsked, act, leave: () => setAsked(false), free: () => unblock(phone) };
}
