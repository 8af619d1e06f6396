// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Menu } from '../../../ui/menu.js';
import { fieldOf, HOURS, lastDay, periodOf, PERIODS } from './asked.js';

/** Which time, which hours, with what it is compared; all of it stands in the address. @param {{query: URLSearchParams, span: import('./asked.js').Span}} props */
export function Tools({ query, span }) {
  const chosen = periodOf(query);
  const days = { from: fieldOf(span[0]), to: fieldOf(lastDay(span)) };
  const set = (/** @type {string} */ name, /** @type {any} */ event) => amend({ period: null, ...days, [name]: event.currentTarget.value || null });
  const face = html`<span class="facet-words">${chosen ? t(`reports.period.${chosen}`) : `${days.from} – ${days.to}`}</span><${Icon} name="chevron-down" />`;
  const hours = HOURS.includes(query.get('hours') ?? '') ? query.get('hours') : 'all';
  const isCompared = query.get('compare') !== 'none';
  return html`<div class="view-actions report-tools">
    <span class="facet used"><${Menu} label=${t('reports.period')} name="" look="facet-open" face=${face}>
      <div class="facet-values">${Object.keys(PERIODS).map((period) => html`<label key=${period} class="facet-value">
        <input type="radio" name="period" checked=${chosen === period} onChange=${() => amend({ period, from: null, to: null })} />${t(`reports.period.${period}`)}</label>`)}</div>
      <div class="facet-dates">${['from', 'to'].map((name) => html`<label key=${name}>${t(`reports.${name}`)}
        <input type="date" value=${name === 'from' ? days.from : days.to} onChange=${(/** @type {any} */ event) => set(name, event)} /></label>`)}</div>
    <//></span>
    <select aria-label=${t('reports.hours')} value=${hours} onChange=${(/** @type {any} */ event) => amend({ hours: event.currentTarget.value === 'all' ? null : event.currentTarget.value })}>
      ${['all', ...HOURS].map((one) => html`<option key=${one} value=${one} selected=${one === hours}>${t(`reports.hours.${one}`)}</option>`)}</select>
    <label class="report-compare"><input type="checkbox" checked=${isCompared} onChange=${() => amend({ compare: isCompared ? 'none' : null })} />${t('reports.compare')}</label>
    <button type="button" class="icon-button" aria-label=${t('reports.print')} title=${t('reports.print')} onClick=${() => print()}><${Icon} name="printer" /></button>
  </div>`;
}
