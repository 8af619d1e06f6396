// @ts-check
import { html } from '../core/html.js';

/** A shape from the sprite; it says nothing to a screen reader. @param {{name: string, class?: string}} props */
export function Icon({ name, class: extra = '' }) {
  return html`<svg class=${`icon ${extra}`} aria-hidden="true" focusable="false"><use href=${`/static/icons.svg#${name}`} /></svg>`;
}
