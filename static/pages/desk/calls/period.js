// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Menu } from '../../../ui/menu.js';
import { Clear } from './clear.js';
import { inUse, PERIODS } from './filter.js';
import { wordsOf } from './names.js';

/** When: some days back, or from one day to another. @param {{filter: URLSearchParams}} props */
export function Period({ filter }) {
  const isUsed = inUse(filter).includes('period');
  const label = t('calls.filter.period');
  const chosen = filter.get('period');
  const set = (/** @type {string} */ name, /** @type {any} */ event) => amend({ period: null, [name]: event.currentTarget.value || null });
  const face = html`<span class="facet-words">${isUsed ? wordsOf(filter, 'period') : label}</span><${Icon} name="chevron-down" />`;
  return html`<span class=${`facet ${isUsed ? 'used' : ''}`}>
    <${Menu} label=${label} name="" look="facet-open" face=${face}>
      <div class="facet-values">${Object.keys(PERIODS).map((period) => html`<label key=${period} class="facet-value">
        <input type="radio" name="period" checked=${chosen === period} onChange=${() => amend({ period, from: null, to: null })} />${t(`calls.period.${period}`)}</label>`)}</div>
      <div class="facet-dates">${['from', 'to'].map((name) => html`<label key=${name}>${t(`calls.${name}`)}
        <input type="date" value=${(filter.get(name) ?? '').slice(0, 10)} onChange=${(/** @type {any} */ event) => set(name, event)} /></label>`)}</div>
    <//>
    ${isUsed && html`<${Clear} name="period" />`}
  </span>`;
}
