// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { When } from './when.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

/** Whether the client rang while nobody works. @param {MissedRow} row */
export const isOfNight = (row) => row.why?.kind === 'off_hours';

/** Folded, it says how many and what is due first. @param {{rows: MissedRow[], isOpen: boolean, toggle: () => void, children: any}} props */
export function Night({ rows, isOpen, toggle, children }) {
  const [first] = rows;
  if (!first) return null;
  return html`<section class="panel" aria-labelledby="night-title">
    <h2 id="night-title" class="missed-fold"><button type="button" aria-expanded=${isOpen} onClick=${toggle}>${t('missed.night')} <span class="count">${rows.length}</span><${Icon} name=${isOpen ? 'chevron-up' : 'chevron-down'} /></button></h2>
    ${isOpen ? children : html`<div class="missed-folded"><${When} row=${first} /></div>`}
  </section>`;
}
