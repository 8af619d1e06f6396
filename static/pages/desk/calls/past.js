// @ts-check
/** The list of the calls that a filter asks for, kept true by the stream. */
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { effect } from '../../../vendor/signals.mjs';
import * as api from '../../../core/api.js';
import { list } from '../../../core/list.js';
import { on } from '../../../live/topics.js';
import { asAsked, isAskedFor, matches } from './filter.js';
import { learnGroups } from './names.js';

/** @typedef {import('../../../core/types.js').Call} Call */
/** @typedef {ReturnType<typeof list<Call & {rev?: number}>>} Past */

const PAGE = 60;

/**
 * The rows of the filter before stay until the new ones are there.
 * @param {URLSearchParams} filter
 * @param {() => {waits: boolean, open: string}} situation whether new rows wait; the call that stays whatever becomes of it
 * @returns {{past: Past|null, isStale: boolean}}
 */
export function usePast(filter, situation) {
  const key = filter.toString();
  const [shown, show] = useState(/** @type {{past: Past, key: string}|null} */ (null));
  useEffect(() => {
    const past = list({
      size: PAGE,
      page: async (limit, cursor) => {
        const page = await api.callsBy(asAsked(filter), limit, cursor);
        learnGroups(page.items);
        return page;
      },
      one: api.call,
      at: (/** @type {Call & {rev?: number}} */ call) => call.started_at,
      belongs: (call) => matches(filter, call) || call.id === situation().open,
      waits: () => situation().waits,
    });
    past.refresh();
    const ways = [...follow(past, filter), effect(() => void (past.items.value !== null && show((before) => (before?.past === past ? before : { past, key }))))];
    return () => ways.forEach((stop) => stop());
  }, [key]);
  return { past: shown?.past ?? null, isStale: shown?.key !== key };
}

/** @param {Past} past @param {URLSearchParams} filter */
function follow(past, filter) {
  const isNarrow = filter.size > 0;
  /** @param {string} id */
  const isOurs = (id) => past.has(id) || past.waiting.value.some((call) => call.id === id);
  return [
    on('snapshot', past.refresh),
    on('card', (card) => {
      if (!isOurs(card.id) && isAskedFor(filter)) past.refresh();
      // A card that leaves this screen may carry the id that its call had before a click took it in: only the server knows.
      else if (card.for_me) past.put(card);
      else past.touch(card.id, card.rev);
    }),
    on('call', ({ id, rev }) => {
      const newest = past.waiting.value[0] ?? past.items.value?.[0];
      if (id === null) past.refresh();
      else if (isOurs(id)) past.touch(id, rev);
      else if (isAskedFor(filter)) past.refresh();
      else if (isNarrow || !newest || id > newest.id) past.touch(id, rev);
    }),
    on('contact', ({ id }) => {
      if (id === null) past.refresh();
      else past.items.value?.filter(({ contact }) => contact?.id === id).forEach((call) => past.touch(call.id));
    }),
  ];
}
