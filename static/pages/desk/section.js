// @ts-check
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Loaded } from './loaded.js';

/** A section. @param {{view: import('./views.js').View}} props */
export function Section({ view }) {
  /** @param {any} waiting */
  const around = (waiting) => html`<div class="view"><h1>${t(view.words)}</h1><section class="panel">${waiting}</section></div>`;
  return html`<${Loaded} name=${view.section} load=${async () => (await view.load()).View} around=${around} />`;
}
