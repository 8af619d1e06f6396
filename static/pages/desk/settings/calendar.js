// @ts-check
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { Switch } from '../../../ui/switch.js';
import { Exceptions } from './exceptions.js';
import { Intervals } from './intervals.js';

/** @typedef {import('../../../core/types.js').WorkingHours} WorkingHours */
/** @typedef {(field: string) => string} Fault what is wrong with a field of the settings, by its whole name */

const DAYS = /** @type {const} */ (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const ZONES = Intl.supportedValuesOf('timeZone');

/** What a business most often begins with: the week of an office, where this browser is. @returns {WorkingHours} */
export const officeWeek = () => ({
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  days: Object.fromEntries(DAYS.slice(0, 5).map((day) => [day, [{ from: '09:00', to: '18:00' }]])),
  exceptions: [],
});

/**
 * Hours, or none: a switch, and under it the week and the days that differ.
 * @param {{id: string, path: string, words: string, value: WorkingHours|null, first?: () => WorkingHours, fault: Fault, onChange: (hours: WorkingHours|null) => void}} props
 */
export function HoursOrAlways({ id, path, words, value, first = officeWeek, fault, onChange }) {
  return html`<div class="settings-rows"><${Switch} id=${`${id}-known`} label=${t(words)} more=${t(`${words}_more`)} on=${value !== null} onChange=${(/** @type {boolean} */ on) => onChange(on ? first() : null)} />
    ${value && html`<${Calendar} id=${id} path=${path} hours=${value} fault=${fault} onChange=${onChange} />`}</div>`;
}

/** @param {{id: string, path: string, hours: WorkingHours, fault: Fault, onChange: (hours: WorkingHours) => void}} props */
function Calendar({ id, path, hours, fault, onChange }) {
  const { zone, days, exceptions } = hours;
  const monday = days.mon ?? [];
  const wrongZone = fault(`${path}.zone`);
  return html`<div class="field zone"><label for=${`${id}-zone`}>${t('hours.zone')}</label>
      <input id=${`${id}-zone`} list=${`${id}-zones`} required autocomplete="off" spellcheck=${false} value=${zone} aria-describedby=${`${id}-zone-more`} aria-invalid=${Boolean(wrongZone)}
        onInput=${(/** @type {any} */ event) => onChange({ ...hours, zone: event.currentTarget.value.trim() })} />
      <datalist id=${`${id}-zones`}>${ZONES.map((name) => html`<option key=${name} value=${name} />`)}</datalist>
      <p class=${wrongZone ? 'bad-text' : 'hint'} id=${`${id}-zone-more`} role=${wrongZone ? 'alert' : undefined}>${wrongZone || nowIn(zone)}</p></div>
    <div class="week">${DAYS.map((day) => html`<div class="week-day" key=${day}><span class="label">${t(`hours.day.${day}`)}</span>
      <${Intervals} of=${t(`hours.day.${day}`)} value=${days[day] ?? []} onChange=${(/** @type {import('../../../core/types.js').Interval[]} */ intervals) => onChange({ ...hours, days: { ...days, [day]: intervals } })} /></div>`)}</div>
    ${fault(`${path}.days`) && html`<p class="bad-text" role="alert">${fault(`${path}.days`)}</p>`}
    <div><button type="button" class="button small" onClick=${() => onChange({ ...hours, days: { ...days, ...Object.fromEntries(DAYS.slice(1, 5).map((day) => [day, monday])) } })}>${t('hours.as_monday')}</button></div>
    <${Exceptions} id=${id} path=${path} value=${exceptions} fault=${fault} onChange=${(/** @type {WorkingHours['exceptions']} */ changed) => onChange({ ...hours, exceptions: changed })} />`;
}

/** The zone in words and what time it is there; a name that is none says so at once. @param {string} zone */
function nowIn(zone) {
  try {
    const said = new Intl.DateTimeFormat(locale.value, { timeZone: zone, timeZoneName: 'long' }).formatToParts().find(({ type }) => type === 'timeZoneName')?.value;
    return t('hours.zone_now', { zone: said ?? zone, time: new Date().toLocaleTimeString(locale.value, { timeZone: zone, hour: '2-digit', minute: '2-digit' }) });
  } catch {
    return t('hours.zone_more');
  }
}
