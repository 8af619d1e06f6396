// @ts-check
/** The two lists beside the cards, each kept true by the stream. */
import * as api from '../core/api.js';
import { list } from '../core/list.js';
import { on } from '../live/topics.js';

/** @typedef {import('../core/types.js').Call} Call */
/** @typedef {import('../core/types.js').MissedRow} MissedRow */

/** By when a call back is owed. @param {MissedRow} row */
const due = (row) => (row.due_at ? Date.parse(row.due_at) : Infinity);

/** VIPs first, then by the deadline; who is owed no call stands last. */
export const board = list({
  size: 100,
  page: api.missed,
  one: api.missedRow,
  order: (/** @type {MissedRow} */ a, b) => Number(b.is_vip) - Number(a.is_vip) || due(a) - due(b) || (a.id < b.id ? -1 : 1),
  belongs: (row) => row.state !== 'closed',
});

export const calls = list({ size: 10, page: api.calls, one: api.call, at: (/** @type {Call & {rev?: number}} */ call) => call.started_at });

/** From now on both show what the stream says. */
export function followStream() {
  on('snapshot', () => {
    board.refresh();
    calls.refresh();
  });
  on('card', (card) => {
    // A card that leaves this screen may carry the id that its call had before a click took it in: only the server knows.
    if (card.for_me) calls.put(card);
    else calls.touch(card.id, card.rev);
  });
  on('call', ({ id, rev }) => {
    const newest = calls.items.value?.[0];
    if (id === null) calls.refresh();
    else if (!newest || calls.has(id) || id > newest.id) calls.touch(id, rev);
  });
  on('row', ({ id, rev }) => {
    if (id === null) board.refresh();
    else board.touch(id, rev);
  });
  on('contact', ({ id }) => {
    for (const of of /** @type {(typeof board | typeof calls)[]} */ ([board, calls])) {
      if (id === null) of.refresh();
      else of.items.value?.filter(({ contact }) => contact?.id === id).forEach((row) => of.touch(row.id));
    }
  });
}
