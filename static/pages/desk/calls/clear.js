// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { namesOf } from './filter.js';

/** Takes a filter out of the address. @param {string} name */
export const clear = (name) => amend(Object.fromEntries(namesOf(name).map((one) => [one, null])));

/** @param {{name: string}} props */
export function Clear({ name }) {
  const label = t('calls.clear', { filter: t(`calls.filter.${name}`) });
  return html`<button type="button" class="icon-button small" aria-label=${label} title=${label} onClick=${() => clear(name)}><${Icon} name="x" /></button>`;
}
