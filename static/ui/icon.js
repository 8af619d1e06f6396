// @ts-check
import { html } from '../core/html.js';

/** As the module itself: under the hash of all files. @param {string} path */
const beside = (path) => new URL(path, import.meta.url).pathname;

const SPRITE = beside('../icons.svg');
/** Our own mark. */
export const MARK = beside('../icon.svg');

/** A shape from the sprite; it says nothing to a screen reader. @param {{name: string, class?: string}} props */
export function Icon({ name, class: extra = '' }) {
  return html`<svg class=${`icon ${extra}`} aria-hidden="true" focusable="false"><use href=${`${SPRITE}#${name}`} /></svg>`;
}
