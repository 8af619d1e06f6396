// @ts-check
import { formatExact, formatLength, formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/** When, on which line, how long; what does not hold is not there. @param {{call: import('../../../core/types.js').Call}} props */
export function CallFacts({ call }) {
  const { line } = call;
  const facts = [
    ['calls.began', formatExact(call.started_at)],
    [call.direction === 'in' ? 'calls.dialled' : 'card.line_out', line ? [line.label, formatPhone(line.number)].filter(Boolean).join(' · ') : ''],
    ['card.group', call.group],
    ['calls.talked_with', call.user?.name],
    ['calls.wait', call.wait_s === null ? '' : formatLength(call.wait_s)],
    ['calls.talk', call.duration_s === null ? '' : formatLength(call.duration_s)],
    ['calls.rating', call.rating === null ? '' : String(call.rating)],
  ];
  return html`<dl class="facts">${facts.filter(([, value]) => value).map(([words, value]) => html`<div class="fact" key=${words}><dt>${t(words ?? '')}</dt><dd dir="auto">${value}</dd></div>`)}</dl>`;
}
