// @ts-check
/** What a person does with a row of the board. Everything is taken back from what the toast says. */
import { signal } from '../../../vendor/signals.mjs';
import { changeRow } from '../../../card/missed-change.js';
import { nameOf, number } from '../../../card/who.js';
import { Refusal } from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { t } from '../../../core/i18n.js';
import { say } from '../../../ui/toast.js';
import { beside, choose, chosen } from './chosen.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

/** The row at which somebody was faster, until the next thing is done. @type {{value: string}} */
export const conflict = signal('');

/** What a row asks before it does it. @type {{value: {id: string, what: 'snooze'|'close'}|null}} */
export const asking = signal(null);

/** @param {MissedRow} row */
export const clientOf = (row) => nameOf(row.contact) || number(row.number, row.number_formatted);

/** @param {MissedRow} row */
export const take = (row) => act(row, { state: 'taken' }, t('missed.said.taken', { who: clientOf(row) }));
/** @param {MissedRow} row @param {string} reason */
export const close = (row, reason) => act(row, { state: 'closed', reason }, t('missed.closed', { who: clientOf(row) }));
/** The next one is chosen: whom somebody puts off he does not look after. @param {MissedRow} row @param {string} until */
export async function snooze(row, until) {
  const next = beside(row.id);
  await act(row, { state: 'snoozed', until }, t('missed.said.snoozed', { who: clientOf(row) }));
  if (conflict.value !== row.id && chosen.value === row.id) choose(next);
}
/** Takes back whatever stands in the row. @param {MissedRow} row */
export const release = (row) => change(row, { state: 'new' });

/** @param {MissedRow} row @param {object} body @param {string} text */
async function act(row, body, text) {
  const changed = await change(row, body);
  if (changed) say({ text, label: t('missed.undo'), undo: () => release(changed) });
}

/** @param {MissedRow} row @param {object} body */
async function change(row, body) {
  asking.value = null;
  conflict.value = '';
  try {
    return await changeRow(row, body);
  } catch (refusal) {
    const isConflict = refusal instanceof Refusal && refusal.code === 'row_changed' && refusal.problem.row.state !== 'closed';
    if (isConflict) conflict.value = row.id;
    else say({ text: explain(refusal), bad: true });
    return null;
  }
}
