// @ts-check
import { board } from '../../../card/lists.js';
import { isNumber } from '../../../card/who.js';
import { bind } from '../../../core/keys.js';
import { me } from '../../../core/session.js';
import { canUndo, undo } from '../../../ui/toast.js';
import { asking, release, take } from './actions.js';
import { choicesFor } from './choices.js';
import { chosen, step } from './chosen.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

/** The chosen row, while no card and no menu has the focus. @returns {MissedRow|undefined} */
function current() {
  if (document.activeElement?.closest('.card, .menu')) return undefined;
  return board.items.value?.find(({ id }) => id === chosen.value);
}

/** @param {MissedRow} row */
export const isMine = (row) => row.state === 'taken' && row.taken_by?.id === me.value?.id;

/** The keys of the board, until what this gives is called. @param {(row: MissedRow) => void} callBack */
export function bindKeys(callBack) {
  /** @param {string} id @param {string} key @param {string} words @param {(row: MissedRow) => void} work */
  const onRow = (id, key, words, work) => ({
    id: `board.${id}`,
    keys: [key],
    words,
    offered: true,
    when: () => current() !== undefined,
    run() {
      const row = current();
      if (row) work(row);
    },
  });
  const digit = (/** @type {number} */ n) => ({
    id: `board.choice.${n}`,
    keys: [String(n)],
    words: 'missed.key.choice',
    when: () => asking.value !== null && asking.value.id === current()?.id,
    run() {
      const row = current();
      if (row && asking.value) choicesFor(asking.value.what, row)[n - 1]?.choose();
    },
  });
  return bind([
    { id: 'board.next', keys: ['j'], words: 'missed.key.next', run: () => step(1) },
    { id: 'board.previous', keys: ['k'], words: 'missed.key.previous', run: () => step(-1) },
    onRow('call', 'c', 'card.call_back', (row) => isNumber(row.number) && callBack(row)),
    onRow('take', 't', 'missed.take', (row) => (isMine(row) ? release(row) : take(row))),
    onRow('close', 'e', 'missed.close', ({ id }) => (asking.value = { id, what: 'close' })),
    onRow('snooze', 's', 'missed.snooze', ({ id }) => (asking.value = { id, what: 'snooze' })),
    { id: 'board.undo', keys: ['z'], words: 'missed.undo', offered: true, when: canUndo, run: undo },
    ...[1, 2, 3, 4].map(digit),
  ]);
}
