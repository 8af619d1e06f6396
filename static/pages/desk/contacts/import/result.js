// @ts-check
import { html } from '../../../../core/html.js';
import { t } from '../../../../core/i18n.js';

/** @typedef {import('../../../../core/types.js').Tally} Tally */

const ROWS = /** @type {const} */ (['made', 'changed', 'same', 'skipped', 'refused']);
/** In the order in which people read a client. */
const FIELDS = ['name', 'company', 'phones', 'email', 'note', 'tags', 'kind', 'responsible', 'vip', 'alert'];

/** What came, or would come, of a file: by row, and by field. @param {{tally: Tally}} props */
export function Result({ tally }) {
  const counts = /** @type {Record<string, {taken: number, refused: number}>} */ (tally.fields);
  const fields = FIELDS.filter((field) => counts[field]);
  return html`<dl class="import-rows">${ROWS.filter((one) => tally[one] > 0 || one === 'made').map((one) => html`<div key=${one} class=${one === 'refused' ? 'bad-text' : ''}>
      <dt>${t(`import.${one}`)}</dt><dd class="figures">${tally[one]}</dd></div>`)}</dl>
    ${fields.length > 0 && html`<table class="import-fields"><caption class="out-of-sight">${t('import.by_field')}</caption>
      <thead><tr><th scope="col">${t('import.by_field')}</th><th scope="col">${t('import.taken')}</th><th scope="col">${t('import.unread')}</th></tr></thead>
      <tbody>${fields.map((field) => html`<tr key=${field}><th scope="row">${t(`import.field.${field}`)}</th><td class="figures">${counts[field].taken}</td>
        <td class=${`figures ${counts[field].refused ? 'bad-text' : 'muted'}`}>${counts[field].refused}</td></tr>`)}</tbody></table>`}`;
}
