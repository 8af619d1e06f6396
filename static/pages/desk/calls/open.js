// @ts-check
import { amend, route } from '../../../core/router.js';

/** Which call is open beside the list. */
export const openId = () => route.value.query.get('call') ?? '';

/** Where this call is open and all else is as it is. @param {string} id */
export function hrefOf(id) {
  const query = new URLSearchParams(route.value.query);
  query.set('call', id);
  return `${route.value.path}?${query}`;
}

/** Opens it; while one is open already, the way back leads to the list. @param {string} id */
export const openCall = (id) => amend({ call: id }, { replace: openId() !== '' });

export const closeCall = () => amend({ call: null });

/** A press that means "here", not a new tab. @param {() => void} run */
export const onPlain = (run) => (/** @type {MouseEvent} */ event) => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  run();
};
