// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { HoursOrAlways, officeWeek } from './calendar.js';

/** @typedef {import('../../../core/types.js').Site} Site */
/** @typedef {import('../../../core/types.js').WorkingHours} WorkingHours */

/** Places with numbers and, maybe, hours of their own. @param {{sites: Site[], common: WorkingHours|null, faults: Record<string, string>, onChange: (sites: Site[]) => void}} props */
export function Sites({ sites, common, faults, onChange }) {
  const change = (/** @type {number} */ at, /** @type {Partial<Site>} */ news) => onChange(sites.map((one, index) => (index === at ? { ...one, ...news } : one)));
  const add = () => onChange([...sites, { id: Date.now().toString(36), name: '', working_hours: null, numbers: [] }]);
  return html`${sites.map((site, at) => html`<${Row} key=${site.id} at=${at} site=${site} common=${common} faults=${faults}
      onChange=${(/** @type {Partial<Site>} */ news) => change(at, news)} onRemove=${() => onChange(sites.filter((_, index) => index !== at))} />`)}
    ${faults.sites && html`<p class="empty bad-text" role="alert">${faults.sites}</p>`}
    <div class="panel-foot"><button type="button" class="button" onClick=${add}>${t('hours.site_add')}</button></div>`;
}

/** @param {{at: number, site: Site, common: WorkingHours|null, faults: Record<string, string>, onChange: (news: Partial<Site>) => void, onRemove: () => void}} props */
function Row({ at, site: { id, name, working_hours: own, numbers }, common, faults, onChange, onRemove }) {
  const path = `sites[${at}]`;
  const fault = (/** @type {string} */ field) => faults[field] ?? '';
  const wrong = Object.entries(faults).filter(([field]) => field.startsWith(`${path}.numbers`)).map(([field, words]) => `${numbers[Number(/\[(\d+)\]$/.exec(field)?.[1])] ?? ''} ${words}`).join('; ');
  const of = name || t('hours.site', { n: at + 1 });
  return html`<fieldset class="site"><legend class="label">${of}</legend>
    <div class="field"><label for=${`site-${id}-name`}>${t('hours.site_name')}</label><input id=${`site-${id}-name`} required maxlength="50" autocomplete="off" value=${name} onInput=${(/** @type {any} */ event) => onChange({ name: event.currentTarget.value })} />
      ${fault(`${path}.name`) && html`<p class="bad-text" role="alert">${fault(`${path}.name`)}</p>`}</div>
    <div class="field"><label for=${`site-${id}-numbers`}>${t('hours.site_numbers')}</label><input id=${`site-${id}-numbers`} autocomplete="off" defaultValue=${numbers.join(', ')} aria-describedby=${`site-${id}-numbers-more`} aria-invalid=${Boolean(wrong)}
        onInput=${(/** @type {any} */ event) => onChange({ numbers: event.currentTarget.value.split(/[,;\n]/).map((/** @type {string} */ one) => one.trim()).filter(Boolean) })} />
      <p class=${wrong ? 'bad-text' : 'hint'} role=${wrong ? 'alert' : undefined} id=${`site-${id}-numbers-more`}>${wrong || t('hours.site_numbers_more')}</p></div>
    <${HoursOrAlways} id=${`site-${id}`} path=${`${path}.working_hours`} words="hours.own" value=${own} first=${() => common ?? officeWeek()} fault=${fault} onChange=${(/** @type {WorkingHours|null} */ working_hours) => onChange({ working_hours })} />
    <div><button type="button" class="button small" aria-label=${t('hours.site_remove', { of })} onClick=${onRemove}>${t('hours.site_remove_it')}</button></div></fieldset>`;
}
