// @ts-check
/** The number at the app's icon, where the browser has one: set by an open page alone, so that none is shown that nobody keeps true. */

/** @param {number} count */
export function showBadge(count) {
  const { setAppBadge } = /** @type {any} */ (navigator);
  setAppBadge?.call(navigator, count)?.catch(() => {}); // 0 takes it away
}

addEventListener('pagehide', () => showBadge(0));
