// @ts-check
import { timeLeft } from '../../../card/missed-facts.js';
import { formatExact, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/** By when the client is to be called, or until when he is put off. @param {{row: import('../../../core/types.js').MissedRow}} props */
export function When({ row }) {
  if (row.snoozed_until) return html`<p class="missed-when" title=${formatExact(row.snoozed_until)}>${t('missed.snoozed_until', { when: formatWhen(row.snoozed_until) })}</p>`;
  if (!row.due_at) return html`<p class="missed-when">${t('missed.undue')}</p>`;
  const { isLate, isSoon, words } = timeLeft(row.due_at);
  return html`<p class=${`missed-when ${isLate ? 'bad' : isSoon ? 'warn' : 'good'}`} title=${formatExact(row.due_at)}><span class="dot"></span>${words}</p>`;
}
