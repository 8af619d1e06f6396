// @ts-check
/** What the reports are asked for: from the address to what the API takes. The time is that of this browser's place. */
import { serverNow } from '../../../core/ticks.js';

/** @typedef {[Date, Date]} Span the second one is not in it */

/** @param {Date} day @param {number} more */
const daysOn = (day, more) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + more);
/** @param {Date} day @param {number} more */
const month = (day, more) => new Date(day.getFullYear(), day.getMonth() + more, 1);

/** @type {Record<string, (today: Date) => Span>} */
export const PERIODS = {
  today: (today) => [today, daysOn(today, 1)],
  yesterday: (today) => [daysOn(today, -1), today],
  '7d': (today) => [daysOn(today, -6), daysOn(today, 1)],
  '30d': (today) => [daysOn(today, -29), daysOn(today, 1)],
  month: (today) => [month(today, 0), month(today, 1)],
  last_month: (today) => [month(today, -1), month(today, 0)],
};
export const FIRST_PERIOD = '7d';
export const HOURS = ['working', 'off'];

/** As IANA names it. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** @param {URLSearchParams} query @returns {Span} */
export function spanOf(query) {
  const today = daysOn(new Date(serverNow()), 0);
  const [from, to] = ['from', 'to'].map((name) => new Date(`${query.get(name) ?? ''}T00:00`));
  if (!Number.isNaN(from.getTime()) && !Number.isNaN(to.getTime()) && from <= to) return [from, daysOn(to, 1)];
  return (PERIODS[query.get('period') ?? ''] ?? PERIODS[FIRST_PERIOD])(today);
}

/** Which of the periods it is; none: from one day to another. @param {URLSearchParams} query */
export const periodOf = (query) => (query.has('from') && query.has('to') ? '' : (query.get('period') ?? FIRST_PERIOD));

/** As `/api/reports` takes it. @param {URLSearchParams} query */
export function asAsked(query) {
  const [from, to] = spanOf(query);
  const asked = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), zone: zone() });
  if (query.get('compare') !== 'none') asked.set('compare', 'previous');
  if (HOURS.includes(query.get('hours') ?? '')) asked.set('hours', query.get('hours') ?? '');
  return asked.toString();
}

/** The days of an input field. @param {Date} day */
export const fieldOf = (day) => [day.getFullYear(), String(day.getMonth() + 1).padStart(2, '0'), String(day.getDate()).padStart(2, '0')].join('-');

/** The last day that is in it. @param {Span} span */
export const lastDay = ([, to]) => daysOn(to, -1);

/** Where the list shows the calls behind a figure; `changes` take the place of what the query has. @param {string} query @param {Record<string, string|string[]>} [changes] */
export function callsOf(query, changes = {}) {
  const asked = new URLSearchParams(query);
  for (const [name, wanted] of Object.entries(changes)) {
    asked.delete(name);
    for (const value of [wanted].flat()) asked.append(name, value);
  }
  return `/calls?${asked}`;
}
