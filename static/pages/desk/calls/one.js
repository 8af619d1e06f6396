// @ts-check
/** One call, kept true while it is open. */
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { follow } from '../../../card/cards.js';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { on } from '../../../live/topics.js';

/** @typedef {import('../../../core/types.js').Call} Call */
/** @typedef {import('../../../core/types.js').Card} Card */

/** What a card says beside its call. */
const BARE = { rev: 0, for_me: false, responsible: null, company: '', tags: [], vip: false, alert: '', last: null, calls_count: 0, missed_open: 0 };

/** @param {string} id @param {Call|undefined} known as the list has it @returns {{card: Card|null, refused: string}} */
export function useCall(id, known) {
  const [call, setCall] = useState(known ?? null);
  const [refused, setRefused] = useState('');
  useEffect(() => {
    let isCurrent = true;
    const read = () => api.call(id).then((found) => isCurrent && setCall(found), (refusal) => isCurrent && setRefused(explain(refusal)));
    read();
    const ways = [
      on('snapshot', read),
      on('call', (changed) => (changed.id === id || changed.id === null) && read()),
      on('card', (card) => card.id === id && read()),
      follow(id, (change) => setCall((before) => (before ? { ...before, ...change } : before))),
    ];
    return () => {
      isCurrent = false;
      ways.forEach((stop) => stop());
    };
  }, [id]);
  return { card: call && { ...BARE, ...call }, refused: call ? '' : refused };
}
