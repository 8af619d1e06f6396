// @ts-check
/** What stands behind the ids of the filters: people, our numbers, systems. Asked for once, when the section is first opened. */
import { signal } from '../../../vendor/signals.mjs';
import * as api from '../../../core/api.js';
import { formatPhone, formatWhen } from '../../../core/format.js';
import { t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { outcomeName, outcomes } from '../../../card/settings.js';
import { DIRECTIONS, HAS, STATES } from './filter.js';

/** By filter, then by id. @type {{value: Record<string, Map<string, string>>}} */
const known = signal({});

/** @param {string} filter @param {[string, string][]} names */
function learn(filter, names) {
  known.value = { ...known.value, [filter]: new Map([...(known.value[filter] ?? []), ...names]) };
}

/** What fails is asked for again when the section is next opened; ids are shown meanwhile. */
export async function load() {
  await Promise.allSettled([
    known.value.user ?? api.users().then(({ items }) => learn('user', items.map(({ id, name, login }) => [id, name || login]))),
    known.value.line ?? api.settings().then(({ numbers }) => learn('line', numbers.map(({ number, label }) => [number, label]))),
    me.value?.role === 'admin' && !known.value.integration
      ? api.integrations().then(({ items }) => learn('integration', items.map(({ id, name }) => [id, name])))
      : null,
  ]);
}

/** No list of the groups is kept anywhere: those of the calls that were read are offered. @param {import('../../../core/types.js').Call[]} calls */
export function learnGroups(calls) {
  const fresh = [...new Set(calls.map(({ group }) => group ?? ''))].filter((group) => group && !known.value.group?.has(group));
  if (fresh.length > 0) learn('group', fresh.map((group) => [group, group]));
}

/** @param {string} id */
export async function loadContact(id) {
  if (known.value.contact?.has(id)) return;
  const contact = await api.contact(id);
  learn('contact', [[id, contact.name || contact.company || formatPhone(contact.phones[0]?.number ?? '')]]);
}

/** What a filter offers. @param {string} filter @returns {string[]} */
export function choices(filter) {
  if (filter === 'state') return STATES;
  if (filter === 'direction') return DIRECTIONS;
  if (filter === 'has') return HAS;
  if (filter === 'outcome') return [...outcomes.value.filter((one) => !one.is_archived).map(({ id }) => id), 'none'];
  return [...(known.value[filter]?.keys() ?? [])];
}

/** A value in words. @param {string} filter @param {string} value */
export function wordOf(filter, value) {
  if (filter === 'state') return t(value === 'answered' || value === 'ringing' ? `calls.${value}` : `call.${value}`);
  if (filter === 'direction') return t(value === 'in' ? 'calls.in_many' : 'calls.out_many');
  if (filter === 'has') return t(`calls.has.${value}`);
  if (filter === 'outcome') return value === 'none' ? t('calls.no_outcome') : outcomeName(value) || value;
  if (filter === 'line' && value === 'none') return t('calls.no_line');
  const name = known.value[filter]?.get(value);
  return name || (filter === 'line' || filter === 'phone' ? formatPhone(value) : value);
}

/** A filter in use, in words. @param {URLSearchParams} filter @param {string} name */
export function wordsOf(filter, name) {
  if (name === 'q') return filter.get('q') ?? '';
  if (name === 'period') return periodWords(filter);
  if (name === 'moment') return momentWords(filter);
  if (name === 'figure') return figureWords(filter);
  return filter.getAll(name).map((value) => wordOf(name, value)).join(', ');
}

/** @param {URLSearchParams} filter */
function periodWords(filter) {
  const period = filter.get('period');
  if (period) return t(`calls.period.${period}`);
  const day = (/** @type {string|null} */ text) => (text ? (text.length === 10 ? dayOf(text) : formatWhen(text)) : '…');
  return `${day(filter.get('from'))} – ${day(filter.get('to'))}`;
}

/** @param {string} text */
const dayOf = (text) => new Date(`${text}T00:00`).toLocaleDateString(document.documentElement.lang, { day: 'numeric', month: 'short' });

/** @param {URLSearchParams} filter */
function momentWords(filter) {
  const days = filter.getAll('weekday').map((day) => t(`weekday.${day}`));
  const hours = filter.getAll('hour').map((hour) => `${hour}–${Number(hour) + 1}`);
  return [...days, ...hours, ...filter.getAll('hours').map((word) => t(`calls.hours.${word}`))].join(', ');
}

/** @param {URLSearchParams} filter */
function figureWords(filter) {
  const figures = filter.getAll('figure').map((figure) => t(`calls.figure.${figure}`)).join(', ');
  const people = filter.getAll('person').map((id) => wordOf('user', id)).join(', ');
  return people ? `${figures} (${people})` : figures;
}
