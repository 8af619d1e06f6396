// @ts-check
/** What this tab knows of the set-up: a reload goes on where it was. */

const NAMES = { token: 'ringcard.setup', step: 'ringcard.setup.step', key: 'ringcard.setup.key' };

/** @param {keyof typeof NAMES} what */
export const kept = (what) => sessionStorage.getItem(NAMES[what]) ?? '';

/** @param {keyof typeof NAMES} what @param {string} value */
export const keep = (what, value) => sessionStorage.setItem(NAMES[what], value);

/** @param {keyof typeof NAMES} what */
export const forget = (what) => sessionStorage.removeItem(NAMES[what]);

/** Our key for the PBX, made here so that it can be shown beside the address before anything is connected. */
export function ourKey() {
  if (!kept('key')) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    keep('key', btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));
  }
  return kept('key');
}
