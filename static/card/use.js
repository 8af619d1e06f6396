// @ts-check
import { useEffect } from '../vendor/hooks.mjs';
import { hold } from './cards.js';

/**
 * Handlers for a card's element that say whether the person is at it.
 * @param {string} id
 * @param {'focus'|'pointer'} [focus] what the focus counts as: on a strip no more than the pointer
 */
export function useHold(id, focus = 'focus') {
  useEffect(() => () => hold(id, null), [id]);
  const isInside = (/** @type {any} */ event, /** @type {any} */ to) => event.currentTarget.contains(to);
  return {
    onMouseEnter: (/** @type {any} */ event) => hold(id, isInside(event, document.activeElement) ? focus : 'pointer'),
    onMouseLeave: (/** @type {any} */ event) => hold(id, isInside(event, document.activeElement) ? focus : null),
    onFocusIn: () => hold(id, focus),
    // The window itself loses the focus: the field keeps it, for when the person comes back.
    onFocusOut: (/** @type {any} */ event) => {
      if (!isInside(event, event.relatedTarget) && document.hasFocus()) hold(id, event.currentTarget.matches(':hover') ? 'pointer' : null);
    },
  };
}
