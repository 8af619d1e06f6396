// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { explain } from '../core/errors.js';
import { typedAs } from './dialled.js';

/** @typedef {import('../core/types.js').Contact} Contact */
/** @typedef {{found: Contact[]|null, isAsking: boolean, refused: string}} Found found: null until there is an answer; refused: why there is none */

const PAUSE_MS = 250;
/** Fewer digits than these are in everybody's number. */
const DIGITS_TO_ASK = 4;
/** @type {Found} */
const NOTHING = { found: null, isAsking: false, refused: '' };

/** Whom we know of that name or number, once the person pauses. @param {string} text @returns {Found} */
export function useFound(text) {
  const [answer, setAnswer] = useState({ ...NOTHING, text: '' });
  const asked = isEnough(text) ? text.trim() : '';
  useEffect(() => {
    if (asked === '') setAnswer({ ...NOTHING, text: '' });
    if (asked === '') return undefined;
    let current = true;
    const timer = setTimeout(() => {
      api.findContacts(asked).then(
        ({ items }) => current && setAnswer({ found: items, isAsking: false, refused: '', text: asked }),
        (refusal) => current && setAnswer({ ...NOTHING, refused: explain(refusal), text: asked }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked]);
  return asked === '' ? NOTHING : { ...answer, isAsking: answer.text !== asked };
}

/** @param {string} text */
function isEnough(text) {
  const digits = text.replace(/\D/g, '').length;
  return typedAs(text) === 'words' ? text.trim().length > 1 : digits >= DIGITS_TO_ASK;
}
