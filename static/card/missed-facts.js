// @ts-check
/** By when a missed client is to be called back, and why he was missed, in words. */
import { html } from '../core/html.js';
import { locale, t } from '../core/i18n.js';
import { formatExact, formatPhone } from '../core/format.js';
import { now, serverNow } from '../core/ticks.js';

/** @typedef {import('../core/types.js').MissedRow} MissedRow */

const HOUR_MIN = 60;
const SOON_MIN = 5;

/** @param {{row: MissedRow}} props */
export function Deadline({ row }) {
  if (!row.due_at || row.state === 'snoozed') return null;
  const { isLate, words } = timeLeft(row.due_at);
  return html`<span class=${`badge ${isLate ? 'bad' : 'warn'}`} title=${formatExact(row.due_at)}>${words}</span>`;
}

/** How long there is still, or how late it is. @param {string} at */
export function timeLeft(at) {
  void now.value; // the minutes go by
  const minutes = Math.ceil((Date.parse(at) - serverNow()) / 60_000);
  const isLate = minutes <= 0;
  const words = isLate ? t('missed.late', { time: duration(Math.max(1, -minutes)) }) : t('missed.due', { time: duration(minutes) });
  return { isLate, isSoon: minutes <= SOON_MIN, words };
}

/** @param {number} minutes */
function duration(minutes) {
  if (minutes < HOUR_MIN) return t('missed.minutes', { n: minutes });
  if (minutes < 24 * HOUR_MIN) return t('missed.hours', { n: Math.round(minutes / HOUR_MIN) });
  return t('missed.days', { n: Math.round(minutes / (24 * HOUR_MIN)) });
}

/** What numbers he has beside the one that he rang from last; empty: none. @param {MissedRow} row */
export const othersOf = (row) => row.numbers.filter((one) => one !== row.number).map(formatPhone).join(', ');

/** @param {MissedRow} row */
export function whyWords({ why }) {
  if (!why) return '';
  const words = [t(`missed.why.${why.kind}`, { s: why.after_s ?? 0 })];
  if (why.kind === 'rang_unanswered') {
    if (why.after_s !== null) words.unshift(t('missed.why.after', { s: why.after_s }));
    if (why.rang.length > 0) {
      const names = new Intl.ListFormat(locale.value, { type: 'conjunction' }).format(why.rang.map(({ name }) => name));
      words.splice(-1, 1, t('missed.why.rang', { names }));
    }
  }
  return words.join(', ');
}
