// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { callsOf } from './asked.js';
import { length } from './figures.js';
import { TableFile } from './file.js';

/** @typedef {import('../../../core/types.js').PersonReportRow} Row */

/** What opens the calls of a column: `person` is in the row's query. @type {{name: 'rang'|'took'|'ignored'|'pickup_p50_s'|'out'|'talk_s'|'callbacks'|'in_time'|'without_outcome', figure?: string}[]} */
const COLUMNS = [
  { name: 'rang', figure: 'rang' },
  { name: 'took', figure: 'took' },
  { name: 'ignored', figure: 'ignored' },
  { name: 'pickup_p50_s' },
  { name: 'out', figure: 'out' },
  { name: 'talk_s' },
  { name: 'callbacks', figure: 'called_back' },
  { name: 'in_time', figure: 'in_time' },
  { name: 'without_outcome' },
];

/** Who rang, took and let it ring; by name, not by merit. @param {{report: import('../../../core/types.js').PeopleReport, asked: string}} props */
export function People({ report: { rows }, asked }) {
  if (rows.length === 0) return null;
  return html`<section class="panel" aria-labelledby="report-people"><h2 id="report-people">${t('reports.by.people')}<${TableFile} report="people" asked=${asked} table=${t('reports.by.people')} /></h2>
    <p class="panel-more hint">${t('reports.people.more')}</p>
    <div class="report-scroll" tabindex="0" role="group" aria-labelledby="report-people"><table class="report-rows figures">
      <thead><tr><th scope="col">${t('reports.column.person')}</th>${COLUMNS.map(({ name }) => html`<th key=${name} scope="col">${t(`reports.column.${name}`)}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.key}><th scope="row" dir="auto">${row.user.name || row.user.login}</th>${COLUMNS.map((column) => html`<${Cell} key=${column.name} row=${row} column=${column} />`)}</tr>`)}</tbody></table></div></section>`;
}

/** @param {{row: Row, column: typeof COLUMNS[number]}} props */
function Cell({ row, column: { name, figure } }) {
  const value = row[name];
  const words = name.endsWith('_s') ? (value === 0 ? '–' : length(value)) : String(value);
  if (value === 0 || value === null || name.endsWith('_s')) return html`<td class=${value === 0 ? 'muted' : ''}>${words}</td>`;
  const opens = figure ? callsOf(row.query, { figure }) : callsOf(row.query, { person: [], figure: [], user: row.key, state: 'answered', outcome: 'none' });
  return html`<td><a href=${opens}>${words}</a></td>`;
}
