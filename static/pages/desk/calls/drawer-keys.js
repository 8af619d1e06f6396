// @ts-check
import { useEffect, useRef } from '../../../vendor/hooks.mjs';
import { dialPhone, hasLine } from '../../../card/call-button.js';
import { choose } from '../../../card/outcome.js';
import { hasEnded } from '../../../card/phase.js';
import { outcomesOf } from '../../../card/settings.js';
import { isNumber } from '../../../card/who.js';
import { bind } from '../../../core/keys.js';
import { isAnothers } from './said.js';

/** @typedef {import('../../../core/types.js').Card} Card */

/** Not while a card lies in the drawer's place, or has the focus. */
const isSeen = () => document.querySelector('.drawer:not([hidden])') !== null && !document.activeElement?.closest('.card, .menu');

/** Call, note, outcome: for the call that is open. @param {Card|null} card */
export function useDrawerKeys(card) {
  const open = useRef(card);
  open.current = card;
  useEffect(() => bind([
    { id: 'dial', keys: ['c'], words: 'dial.call', offered: true, when: () => isSeen() && hasLine() && isNumber(open.current?.phone ?? ''), run: () => open.current && dialPhone(open.current.phone) },
    { id: 'note', keys: ['n'], words: 'note.label.untalked', offered: true, when: isSeen, run: () => document.getElementById(`note-${open.current?.id}`)?.focus() },
    {
      id: 'outcome',
      keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
      words: 'outcome.title',
      when: () => isSeen() && open.current !== null && hasEnded(open.current) && !isAnothers(open.current),
      run: ({ key }) => {
        const outcome = open.current && outcomesOf(open.current)[Number(key) - 1];
        if (open.current && outcome) choose(open.current, outcome);
      },
    },
  ]), []);
}
