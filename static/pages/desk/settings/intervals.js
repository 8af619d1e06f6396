// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';

/** @typedef {import('../../../core/types.js').Interval} Interval */

/** `9`, `930` and `9.30` are times of day as well; what is none stays as it was typed. @param {string} text */
function timeOfDay(text) {
  const found = /^(\d{1,2})[:. ]?(\d{2})?$/.exec(text.trim());
  return found ? `${found[1].padStart(2, '0')}:${found[2] ?? '00'}` : text;
}

/** The hours of one day; none: it is a day off. @param {{of: string, value: Interval[], onChange: (value: Interval[]) => void}} props */
export function Intervals({ of, value, onChange }) {
  const last = value.at(-1);
  const write = (/** @type {number} */ at, /** @type {Partial<Interval>} */ news) => onChange(value.map((one, index) => (index === at ? { ...one, ...news } : one)));
  const field = (/** @type {number} */ at, /** @type {'from'|'to'} */ member) => html`<input class="time" required inputmode="numeric" maxlength="5" autocomplete="off" pattern="([01]\\d|2[0-3]):[0-5]\\d|24:00" title=${t('hours.time')}
    value=${value[at]?.[member]} aria-label=${t(`hours.${member}`, { of, n: at + 1 })}
    onInput=${(/** @type {any} */ event) => write(at, { [member]: event.currentTarget.value })} onChange=${(/** @type {any} */ event) => write(at, { [member]: timeOfDay(event.currentTarget.value) })} />`;
  return html`<div class="intervals">
    ${value.length === 0 && html`<span class="muted">${t('hours.day_off')}</span>`}
    ${value.map((_, at) => html`<span class="interval" key=${at}>${field(at, 'from')}<span aria-hidden="true">–</span>${field(at, 'to')}
      <button type="button" class="icon-button small" aria-label=${t('hours.remove', { of, n: at + 1 })} title=${t('hours.remove', { of, n: at + 1 })} onClick=${() => onChange(value.filter((__, index) => index !== at))}><${Icon} name="x" /></button></span>`)}
    <button type="button" class="button small" aria-label=${t('hours.add_to', { of })} title=${t('hours.add_to', { of })} onClick=${() => onChange([...value, last ? { from: last.to, to: '22:00' } : { from: '09:00', to: '18:00' }])}>+</button></div>`;
}
