// @ts-check
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { Asked } from './asked.js';

/** @typedef {import('../../../core/types.js').Finding} Finding */

/** What the doctor found, what does not work first. */
export function Health() {
  return html`<${Asked} title=${t('doctor.title')} ask=${api.doctor} show=${show} />`;
}

/** @param {Finding[]} items */
function show(items) {
  const wrong = items.filter(({ works }) => !works);
  if (wrong.length === 0) return html`<p class="empty good-text">${t('doctor.well', { n: items.length })}</p>`;
  return html`<ul class="rows">${wrong.map(({ code, about, why }) => html`<li class="row" key=${code + about + why.code}>
    <span class="row-icon bad"><${Icon} name="triangle-alert" /></span>
    <div class="row-main"><p class="row-title">${t(`doctor.${code}`)} ${about && html`<span class="muted" dir="auto">${about}</span>`}</p>
      <p class="row-more">${t(`found.${why.code}`, 'params' in why ? { ...why.params } : {})}</p></div></li>`)}</ul>`;
}
