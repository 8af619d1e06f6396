// @ts-check
/** What the history is narrowed to: from the address to what the API is asked for, and whether a call belongs. */
import { serverNow } from '../../../core/ticks.js';

/** @typedef {import('../../../core/types.js').Call} Call */

/** Several values of one: any of them. In the order of their buttons. */
export const FACETS = ['state', 'direction', 'user', 'line', 'group', 'integration', 'outcome', 'has'];
/** They come by links, and are chips alone. */
export const LINKED = ['phone', 'contact', 'callid', 'moment', 'figure'];
export const STATES = ['answered', 'missed', 'cancelled', 'busy', 'unavailable', 'forbidden', 'not_found', 'failed', 'ringing', 'talking', 'requested'];
export const DIRECTIONS = ['in', 'out'];
export const HAS = ['note', 'recording', 'promise'];
/** Days back, today being the first. @type {Record<string, number>} */
export const PERIODS = { today: 1, '7d': 7, '30d': 30 };

/** One filter may have several names in the address. @type {Record<string, string[]>} */
const SEVERAL = { period: ['period', 'from', 'to'], moment: ['weekday', 'hour', 'hours'], figure: ['figure', 'person'] };
/** @param {string} name */
export const namesOf = (name) => SEVERAL[name] ?? [name];
/** What stands in the address of this section beside the open call. */
export const NAMES = ['q', 'zone', ...['period', ...FACETS, ...LINKED].flatMap(namesOf)];

/** The filters of an address and nothing else, always in one order. @param {URLSearchParams} query */
export function filterOf(query) {
  return new URLSearchParams(NAMES.flatMap((name) => query.getAll(name).map((value) => [name, value])));
}

/** Those in use, each once; the period's three names are one. @param {URLSearchParams} filter */
export const inUse = (filter) => ['q', 'period', ...FACETS, ...LINKED].filter((name) => isUsed(filter, name));

/** @param {URLSearchParams} filter @param {string} name */
export const isUsed = (filter, name) => namesOf(name).some((one) => filter.has(one));

/** Without one of them. @param {URLSearchParams} filter @param {string} name */
export function without(filter, name) {
  const rest = new URLSearchParams(filter);
  namesOf(name).forEach((one) => rest.delete(one));
  return rest;
}

/** As `/api/calls` takes it: a period becomes instants. @param {URLSearchParams} filter */
export function asAsked(filter) {
  const asked = without(filter, 'period');
  const { from, to } = instants(filter);
  if (from) asked.set('from', from);
  if (to) asked.set('to', to);
  return asked.toString();
}

/** The period in instants; a day ends where the next one begins. @param {URLSearchParams} filter */
function instants(filter) {
  const days = PERIODS[filter.get('period') ?? ''];
  if (days) return { from: midnight(new Date(serverNow()), 1 - days), to: '' };
  return { from: instant(filter.get('from') ?? '', 0), to: instant(filter.get('to') ?? '', 1) };
}

/** @param {string} text a day, or an instant as a link has it @param {number} more days */
function instant(text, more) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  return midnight(new Date(`${text}T00:00`), more);
}

/** @param {Date} day @param {number} more days */
function midnight(day, more) {
  if (Number.isNaN(day.getTime())) return '';
  const start = new Date(day.getFullYear(), day.getMonth(), day.getDate() + more);
  return start.toISOString().replace('.000', '');
}

/** Whether only the server can say which new calls belong. @param {URLSearchParams} filter */
export const isAskedFor = (filter) => ['q', ...LINKED].some((name) => isUsed(filter, name));

/** Whether the call is among those asked for, as far as the page can say. @param {URLSearchParams} filter @param {Call} call */
export function matches(filter, call) {
  const { from, to } = instants(filter);
  const at = Date.parse(call.started_at);
  if ((from && at < Date.parse(from)) || (to && at >= Date.parse(to))) return false;
  return FACETS.every((name) => {
    const wanted = filter.getAll(name);
    return wanted.length === 0 || valuesOf(call, name).some((value) => wanted.includes(value));
  });
}

/** What the call has of a facet. @param {Call} call @param {string} name @returns {string[]} */
function valuesOf(call, name) {
  switch (name) {
    case 'state': return [call.state];
    case 'direction': return [call.direction];
    case 'user': return call.user ? [call.user.id] : [];
    case 'line': return call.diversion ? [call.diversion] : [];
    case 'group': return call.group ? [call.group] : [];
    case 'integration': return [call.integration];
    case 'outcome': return [call.outcome || 'none'];
    default: return [call.note && 'note', call.recording.state !== 'none' && 'recording', call.promise && 'promise'].filter(Boolean).map(String);
  }
}
