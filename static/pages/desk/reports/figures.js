// @ts-check
import { formatLength } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { callsOf } from './asked.js';

/** @typedef {import('../../../core/types.js').CallFigures} CallFigures */

/** @param {number} part @param {number} whole */
export const share = (part, whole) => (whole === 0 ? '–' : `${Math.round((part / whole) * 100)}\u00a0%`);
/** @param {number|null} seconds */
export const length = (seconds) => (seconds === null ? '–' : formatLength(seconds));

/** What stands in each of the five, its value first. @type {{name: string, value: (figures: CallFigures) => string, more: (figures: CallFigures) => string, opens: Record<string, string|string[]>, moreOpens?: Record<string, string|string[]>}[]} */
const FIVE = [
  { name: 'taken', value: (of) => share(of.answered, of.calls), more: (of) => t('reports.taken.more', { answered: of.answered, calls: of.calls }), opens: { state: 'answered' }, moreOpens: {} },
  { name: 'missed', value: (of) => String(of.missed), more: (of) => t('reports.missed.more', { n: of.waiting }), opens: { state: 'missed' }, moreOpens: { state: [], figure: 'waiting' } },
  { name: 'back', value: (of) => length(of.callback_p50_s), more: (of) => t('reports.back.more', { n: of.called_back, share: share(of.in_time, of.called_back) }), opens: { state: [], figure: 'called_back' } },
  { name: 'wait', value: (of) => length(of.wait_p50_s), more: (of) => t('reports.wait.more', { p90: length(of.wait_p90_s) }), opens: { state: 'answered' } },
  { name: 'new', value: (of) => String(of.new_clients), more: (of) => t('reports.new.more', { n: of.clients }), opens: { figure: 'new_client' } },
];

/** The whole time in one line of five; each has its definition. @param {{total: import('../../../core/types.js').CallReportRow}} props */
export function Figures({ total }) {
  return html`<ul class="figures-line">${FIVE.map(({ name, value, more, opens, moreOpens }) => html`<li key=${name} class="panel figure">
    <div class="figure-head"><h2>${t(`reports.${name}`)}</h2><details class="figure-what"><summary aria-label=${t('reports.what', { figure: t(`reports.${name}`) })}>?</summary><p>${t(`reports.${name}.what`)}</p></details></div>
    <p class="figure-value figures"><a href=${callsOf(total.query, opens)}>${value(total)}</a></p>
    <p class="figure-more">${moreOpens ? html`<a href=${callsOf(total.query, moreOpens)}>${more(total)}</a>` : more(total)}</p>
    ${total.before && html`<p class="figure-more">${t('reports.before', { value: value(total.before) })}</p>`}
  </li>`)}</ul>`;
}
