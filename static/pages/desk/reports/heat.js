// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { callsOf } from './asked.js';

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** At which hours of which days calls are missed: a table that is its own chart. @param {{report: import('../../../core/types.js').CallReport}} props */
export function Heat({ report }) {
  const rows = new Map(report.rows.map((row) => [row.key, row]));
  const used = report.rows.filter(({ calls }) => calls > 0).map(({ key }) => Number(key.split('-')[1]));
  const [first, last] = [Math.min(...used), Math.max(...used)];
  const hours = Array.from({ length: last - first + 1 }, (_, nth) => String(first + nth).padStart(2, '0'));
  const most = Math.max(1, ...report.rows.map(({ missed }) => missed));
  return html`<section class="panel" aria-labelledby="report-heat"><h2 id="report-heat">${t('reports.by.weekday_hour')}</h2>
    <p class="panel-more hint">${t('reports.by.weekday_hour.more')}</p>
    <div class="report-scroll" tabindex="0" role="group" aria-labelledby="report-heat"><table class="heat figures"><thead><tr><td></td>${hours.map((hour) => html`<th key=${hour} scope="col">${hour}</th>`)}</tr></thead>
      <tbody>${WEEK.map((day) => html`<tr key=${day}><th scope="row">${t(`weekday.${day}`)}</th>${hours.map((hour) => html`<${Cell} key=${hour} row=${rows.get(`${day}-${hour}`)} day=${day} hour=${hour} most=${most} />`)}</tr>`)}</tbody></table></div></section>`;
}

/** @param {{row: import('../../../core/types.js').CallReportRow|undefined, day: string, hour: string, most: number}} props */
function Cell({ row, day, hour, most }) {
  if (!row || row.calls === 0) return html`<td></td>`;
  const says = t('reports.cell', { day: t(`weekday.${day}`), hour: `${hour}:00`, missed: row.missed, calls: row.calls });
  const tone = row.missed === 0 ? 0 : Math.max(1, Math.ceil((row.missed / most) * 4));
  return html`<td data-tone=${tone}><a href=${callsOf(row.query, row.missed > 0 ? { state: 'missed' } : {})} aria-label=${says} title=${says}>${row.missed}</a></td>`;
}
