// @ts-check
import * as api from '../core/api.js';
import { board } from './lists.js';

/** @typedef {import('../core/types.js').MissedRow} MissedRow */

/**
 * Changes the row as it was seen: what came since is not closed unseen. Where somebody was faster, the list shows what he
 * did, and the refusal is thrown.
 * @param {MissedRow} row
 * @param {object} body
 */
export async function changeRow(row, body) {
  try {
    const changed = await api.changeMissed(row.id, { ...body, rev: row.rev });
    board.put(changed);
    return changed;
  } catch (refusal) {
    if (refusal instanceof api.Refusal && refusal.code === 'row_changed') board.put(refusal.problem.row);
    throw refusal;
  }
}
