// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { loadPart, locale, t } from '../../../core/i18n.js';
import { route } from '../../../core/router.js';
import { loadStyle } from '../../../core/styles.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { asAsked, lastDay, spanOf, zone } from './asked.js';
import { Bars } from './bars.js';
import { Figures } from './figures.js';
import { Heat } from './heat.js';
import { People } from './people.js';
import { Callbacks, CallTable } from './tables.js';
import { Tools } from './tools.js';

/** @typedef {import('../../../core/types.js').CallReport} CallReport */
/** @typedef {import('../../../core/types.js').PeopleReport} PeopleReport */
/** @typedef {{time: CallReport, week: CallReport, source: CallReport, outcome: CallReport, callbacks: CallReport, people: PeopleReport, by: 'day'|'hour'}} Told */

await Promise.all([loadPart('calls'), loadPart('reports'), loadStyle('reports')]); // the days of the week

/** What came of the calls of a time, in figures; each opens the calls behind it. */
export function View() {
  const { query } = route.value;
  const asked = asAsked(query);
  const span = spanOf(query);
  const by = lastDay(span) <= span[0] ? 'hour' : 'day';
  const [told, setTold] = useState(/** @type {{asked: string, answer: Told|string}|null} */ (null));
  useEffect(() => {
    let isWanted = true;
    const keep = (/** @type {Told|string} */ answer) => isWanted && setTold({ asked, answer });
    ask(asked, by).then(keep, (refusal) => keep(explain(refusal)));
    return () => void (isWanted = false);
  }, [asked]);
  const day = (/** @type {Date} */ date) => date.toLocaleDateString(locale.value, { day: 'numeric', month: 'short', year: 'numeric' });
  const answer = told?.answer;
  const compared = typeof answer === 'object' ? answer.time.compared : null;
  return html`<div class="view reports" aria-busy=${told?.asked !== asked}>
    <div class="view-head"><h1>${t('nav.reports')}</h1><${Tools} query=${query} span=${span} /></div>
    <p class="hint">${t('reports.about', { from: day(span[0]), to: day(lastDay(span)), zone: zone() })}${compared && html`<span> · ${t('reports.compared', { from: formatWhen(compared.from), to: formatWhen(compared.to) })}</span>`}</p>
    ${typeof answer === 'object' && answer.time.counting && html`<p class="warn-text" role="status">${t('reports.counting')}</p>`}
    ${answer === undefined && html`<section class="panel"><${Skeleton} rows=${8} /></section>`}
    ${typeof answer === 'string' && html`<section class="panel"><p class="empty bad-text" role="alert">${answer}</p></section>`}
    ${typeof answer === 'object' && html`<${Report} told=${answer} asked=${told?.asked ?? ''} />`}
  </div>`;
}

/** @param {string} asked @param {'day'|'hour'} by @returns {Promise<Told>} */
async function ask(asked, by) {
  const [time, week, source, outcome, callbacks, people] = await Promise.all([
    ...[by, 'weekday_hour', 'source', 'outcome'].map((of) => api.callReport(`${asked}&by=${of}`)),
    api.callbackReport(asked),
    api.peopleReport(asked),
  ]);
  return /** @type {Told} */ ({ time, week, source, outcome, callbacks, people, by });
}

/** @param {{told: Told, asked: string}} props */
function Report({ told: { time, week, source, outcome, callbacks, people, by }, asked }) {
  const isNone = time.total.calls === 0;
  return html`<${Figures} total=${time.total} />
    ${isNone
      ? html`<section class="panel"><p class="empty"><strong>${t('reports.none')}</strong> ${t('reports.none_more')}</p></section>`
      : html`<${Bars} report=${time} asked=${asked} by=${by} />
        <${Heat} report=${week} />
        <${CallTable} report=${source} asked=${asked} by="source" />`}
    <${Callbacks} report=${callbacks} asked=${asked} />
    <${People} report=${people} asked=${asked} />
    ${!isNone && html`<${CallTable} report=${outcome} asked=${asked} by="outcome" />`}`;
}
