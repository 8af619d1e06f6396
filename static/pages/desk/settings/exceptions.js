// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { Intervals } from './intervals.js';

/** @typedef {import('../../../core/types.js').Exception} Exception */

/** Days on which other hours count: holidays, short days, working Saturdays. @param {{id: string, path: string, value: Exception[], fault: import('./calendar.js').Fault, onChange: (value: Exception[]) => void}} props */
export function Exceptions({ id, path, value, fault, onChange }) {
  const change = (/** @type {number} */ at, /** @type {Partial<Exception>} */ news) => onChange(value.map((one, index) => (index === at ? { ...one, ...news } : one)));
  return html`<div class="exceptions"><h3>${t('hours.exceptions')}</h3><p class="hint">${t('hours.exceptions_more')}</p>
    ${value.map((one, at) => html`<${Row} key=${at} id=${`${id}-exception-${at}`} n=${at + 1} exception=${one}
      fault=${['from', 'to', 'name', 'intervals'].map((member) => fault(`${path}.exceptions[${at}].${member}`)).filter(Boolean).join('; ')}
      onChange=${(/** @type {Partial<Exception>} */ news) => change(at, news)} onRemove=${() => onChange(value.filter((_, index) => index !== at))} />`)}
    ${fault(`${path}.exceptions`) && html`<p class="bad-text" role="alert">${fault(`${path}.exceptions`)}</p>`}
    <div><button type="button" class="button small" onClick=${() => onChange([...value, { from: '', to: '', name: '', intervals: [] }])}>${t('hours.exception_add')}</button></div></div>`;
}

/** @param {{id: string, n: number, exception: Exception, fault: string, onChange: (news: Partial<Exception>) => void, onRemove: () => void}} props */
function Row({ id, n, exception: { from, to, name, intervals }, fault, onChange, onRemove }) {
  const of = name || t('hours.exception', { n });
  // A single day is the rule: the last one follows the first until it is another.
  const begin = (/** @type {string} */ date) => onChange({ from: date, ...(to === '' || to === from || to < date ? { to: date } : {}) });
  return html`<div class="exception">
    <div class="exception-days"><input type="date" required aria-label=${t('hours.exception_from', { n })} value=${from} onInput=${(/** @type {any} */ event) => begin(event.currentTarget.value)} />
      <span aria-hidden="true">–</span><input type="date" required aria-label=${t('hours.exception_to', { n })} value=${to} aria-describedby=${fault ? `${id}-fault` : undefined} onInput=${(/** @type {any} */ event) => onChange({ to: event.currentTarget.value })} />
      <input class="exception-name" aria-label=${t('hours.exception_name', { n })} placeholder=${t('hours.exception_example')} maxlength="50" autocomplete="off" value=${name} onInput=${(/** @type {any} */ event) => onChange({ name: event.currentTarget.value })} />
      <button type="button" class="icon-button" aria-label=${t('hours.exception_remove', { of })} title=${t('hours.exception_remove', { of })} onClick=${onRemove}><${Icon} name="x" /></button></div>
    <${Intervals} of=${of} value=${intervals} onChange=${(/** @type {Exception['intervals']} */ changed) => onChange({ intervals: changed })} />
    ${fault && html`<p class="bad-text" role="alert" id=${`${id}-fault`}>${fault}</p>`}</div>`;
}
