// @ts-check
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { callsOf } from './asked.js';
import { length } from './figures.js';
import { TableFile } from './file.js';

/** @typedef {import('../../../core/types.js').CallReportRow} Row */

/** What a column shows, and which of the row's calls it opens; none: it is no count of calls. @typedef {{name: keyof import('../../../core/types.js').CallFigures, opens?: Record<string, string|string[]>}[]} Columns */

/** @type {Columns} */
const COLUMNS = [
  { name: 'calls', opens: {} },
  { name: 'answered', opens: { state: 'answered' } },
  { name: 'missed', opens: { state: 'missed' } },
  { name: 'called_back', opens: { state: [], figure: 'called_back' } },
  { name: 'wait_p50_s' },
  { name: 'talk_s' },
  { name: 'clients' },
  { name: 'new_clients', opens: { figure: 'new_client' } },
];

/** Of a table of missed clients. @type {Columns} */
const OF_CALLBACKS = [
  { name: 'called_back', opens: { figure: 'called_back' } },
  { name: 'in_time', opens: { figure: 'in_time' } },
  { name: 'callback_p50_s' },
  { name: 'callback_p90_s' },
  { name: 'rang_again', opens: { figure: 'rang_again' } },
  { name: 'waiting', opens: { figure: 'waiting' } },
];

/** Who called missed clients back, and whom nobody did. @param {{report: import('../../../core/types.js').CallReport, asked: string}} props */
export function Callbacks({ report, asked }) {
  if (report.total.calls === 0) return null;
  const nameOf = (/** @type {Row} */ row) => (row.key === 'none' ? t('reports.no_caller') : row.label);
  return html`<section class="panel" aria-labelledby="report-caller"><h2 id="report-caller">${t('reports.by.caller')}<${TableFile} report="callbacks" asked=${asked} table=${t('reports.by.caller')} /></h2>
    <p class="panel-more hint">${t('reports.caller.more')}</p><${Rows} rows=${report.rows} total=${report.total} by="caller" columns=${OF_CALLBACKS} nameOf=${nameOf} /></section>`;
}

/** A table of its own panel. @param {{report: import('../../../core/types.js').CallReport, asked: string, by: 'source'|'outcome'}} props */
export function CallTable({ report, asked, by }) {
  const nameOf = (/** @type {Row} */ row) => (row.key === 'none' ? t(`reports.no_${by}`) : formatPhone(row.label));
  return html`<section class="panel" aria-labelledby=${`report-${by}`}><h2 id=${`report-${by}`}>${t(`reports.by.${by}`)}<${TableFile} report="calls" asked=${`${asked}&by=${by}`} table=${t(`reports.by.${by}`)} /></h2><${Rows} rows=${report.rows} total=${report.total} by=${by} nameOf=${nameOf} /></section>`;
}

/** @param {{rows: Row[], total: Row, by: string, columns?: Columns, nameOf: (row: Row) => string}} props */
export function Rows({ rows, total, by, columns = COLUMNS, nameOf }) {
  const line = (/** @type {Row} */ row, /** @type {string} */ name) => html`<tr key=${row.key}><th scope="row" dir="auto">${name}</th>${columns.map((column) => html`<${Cell} key=${column.name} row=${row} column=${column} />`)}</tr>`;
  return html`<div class="report-scroll" tabindex="0" role="group" aria-label=${t(`reports.by.${by}`)}><table class="report-rows figures">
    <thead><tr><th scope="col">${t(`reports.column.${by}`)}</th>${columns.map(({ name }) => html`<th key=${name} scope="col">${t(`reports.column.${name}`)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => line(row, nameOf(row)))}</tbody>
    <tfoot>${line(total, t('reports.total'))}</tfoot></table></div>`;
}

/** @param {{row: Row, column: Columns[number]}} props */
function Cell({ row, column: { name, opens } }) {
  const value = row[name];
  const words = name.endsWith('_s') ? (value === 0 ? '–' : length(value)) : String(value);
  if (!opens || value === 0) return html`<td class=${value === 0 ? 'muted' : ''}>${words}</td>`;
  return html`<td><a href=${callsOf(row.query, opens)}>${words}</a></td>`;
}
