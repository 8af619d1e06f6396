// @ts-check
/** The slot beside the lists: a view shows there what stands behind a row, while no card is in it. */
import { useEffect } from '../../vendor/hooks.mjs';
import { signal } from '../../vendor/signals.mjs';

/** @typedef {{label: string, body: any, close: () => void}} Drawer label: its name for a screen reader; close: what Esc does */

/** @type {import('../../vendor/signals.mjs').Signal<Drawer|null>} */
export const drawer = signal(/** @type {Drawer|null} */ (null));

/** Shows this as long as the view that calls it is there; null: nothing is open. @param {Drawer|null} wanted */
export function useDrawer(wanted) {
  useEffect(() => {
    drawer.value = wanted;
  });
  useEffect(() => () => {
    drawer.value = null;
  }, []);
}
