// @ts-check
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { serverNow } from '../../../core/ticks.js';
import { callsOf } from './asked.js';
import { TableFile } from './file.js';
import { Rows } from './tables.js';

/** @typedef {import('../../../core/types.js').CallReportRow} Row */

const HEIGHT = 160;
const WIDTH = 720;

/** A day, or an hour, in words. @param {'day'|'hour'} by @param {string} key */
export function labelOf(by, key) {
  if (by === 'hour') return `${key}:00`;
  return new Date(`${key}T00:00`).toLocaleDateString(locale.value, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** Answered and missed over the time, with the table of it. @param {{report: import('../../../core/types.js').CallReport, asked: string, by: 'day'|'hour'}} props */
export function Bars({ report, asked, by }) {
  const { rows, to } = report;
  const most = Math.max(1, ...rows.map(({ calls }) => calls));
  const step = WIDTH / rows.length;
  const isOn = Date.parse(to) > serverNow();
  const every = Math.ceil(rows.length / 12);
  const now = new Date(serverNow());
  const current = by === 'hour' ? String(now.getHours()).padStart(2, '0') : [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');
  return html`<section class="panel" aria-labelledby="report-time"><h2 id="report-time">${t(`reports.by.${by}`)}<${TableFile} report="calls" asked=${`${asked}&by=${by}`} table=${t(`reports.by.${by}`)} /></h2>
    <div class="report-chart">
      <p class="report-legend"><span class="legend-answered">${t('reports.answered')}</span> <span class="legend-missed">${t('reports.missed_calls')}</span> <span class="muted figures">≤ ${most}</span></p>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT + 20}`} role="group" aria-label=${t(`reports.by.${by}`)}>
        <defs><pattern id="report-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" class="bar-hatch" /></pattern></defs>
        <line x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT} class="bar-axis" />
        ${rows.map((row, nth) => html`<${Bar} key=${row.key} row=${row} label=${labelOf(by, row.key)} at=${nth * step} width=${step} most=${most} isUnfinished=${isOn && row.key === current} isNamed=${nth % every === 0} by=${by} />`)}
      </svg></div>
    <details class="report-table"><summary>${t('reports.table')}</summary><${Rows} rows=${rows} total=${report.total} by=${by} nameOf=${(/** @type {Row} */ row) => labelOf(by, row.key)} /></details></section>`;
}

/** @param {{row: Row, label: string, at: number, width: number, most: number, isUnfinished: boolean, isNamed: boolean, by: 'day'|'hour'}} props */
function Bar({ row, label, at, width, most, isUnfinished, isNamed, by }) {
  const high = (/** @type {number} */ calls) => (calls / most) * (HEIGHT - 8);
  const [answered, missed] = [high(row.answered), high(row.missed)];
  const x = at + width * 0.12;
  const wide = Math.min(width * 0.76, 48);
  const says = t('reports.bar', { label, answered: row.answered, missed: row.missed });
  const short = by === 'hour' ? row.key : new Date(`${row.key}T00:00`).toLocaleDateString(locale.value, { day: 'numeric', month: 'numeric' });
  const bar = html`<title>${says}</title>
    <rect x=${at} y="0" width=${width} height=${HEIGHT} class="bar-reach" />
    <rect x=${x} y=${HEIGHT - answered} width=${wide} height=${answered} class="bar-answered" />
    <rect x=${x} y=${HEIGHT - answered - missed} width=${wide} height=${missed} class="bar-missed" />
    ${isUnfinished && html`<rect x=${x} y=${HEIGHT - answered - missed} width=${wide} height=${answered + missed} fill="url(#report-hatch)" />`}`;
  return html`${row.calls > 0 ? html`<a href=${callsOf(row.query)} aria-label=${says}>${bar}</a>` : html`<g>${bar}</g>`}
    ${isNamed && html`<text x=${x} y=${HEIGHT + 16} class="bar-name" aria-hidden="true">${short}</text>`}`;
}
