// @ts-check
import { Missed } from '../../../card/missed.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/** Who waits for a call. */
export function View() {
  return html`<div class="view"><h1 class="out-of-sight">${t('nav.missed')}</h1><${Missed} /></div>`;
}
