// @ts-check
/** Promises of mine whose time has come: a quiet strip over the cards, until they are kept or moved. */
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';
import { formatWhen } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { serverNow } from '../core/ticks.js';
import { on } from '../live/topics.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { CallButton } from './call-button.js';
import { isNamed, isNumber, nameOf, number } from './who.js';

/** @typedef {import('../core/types.js').Promise} Promise */

const LATER_MS = 15 * 60_000;
/** Until when a promise is moved that cannot be kept just now. */
export const later = () => new Date(serverNow() + LATER_MS).toISOString();

/** The longest waiting first. @type {{value: Promise[]}} */
const due = signal([]);

/** From now on the strip shows what the stream says. */
export function followStream() {
  on('snapshot', read);
  on('due', (promise) => {
    due.value = [...due.value.filter(({ id }) => id !== promise.id), promise];
  });
  on('promise', ({ id }) => {
    if (id === null || due.value.some((one) => one.id === id)) read();
  });
}

async function read() {
  if (!me.value) return;
  await attempt(async () => {
    due.value = (await api.latePromises(me.value?.id ?? '')).items;
  });
}

/** @param {Promise} promise @param {object} change */
const change = (promise, change) => attempt(async () => {
  await api.changePromise(promise.id, change);
  due.value = due.value.filter(({ id }) => id !== promise.id);
});

/** The one that waits longest, and how many more. */
export function DuePromise() {
  const promise = due.value[0];
  if (!promise) return null;
  const who = nameOf(promise.contact) || number(promise.number, promise.number_formatted);
  const more = due.value.length - 1;
  return html`<div class="due" role="status" data-promise=${promise.id}>
    <p class="due-text"><${Icon} name="calendar-clock" /><span><strong dir="auto" class=${isNamed(promise.contact) ? '' : 'figures'}>${t('promise.due', { who })}</strong>
      <span class="muted" dir="auto">${[formatWhen(promise.due_at), promise.text, more > 0 ? t('card.more', { n: more }) : ''].filter(Boolean).join(' · ')}</span></span></p>
    <div class="buttons">
      ${isNumber(promise.number) && html`<${CallButton} phone=${promise.number} label=${t('dial.call')} small />`}
      <button type="button" class="button small" onClick=${() => change(promise, { due_at: later() })}>${t('promise.later')}</button>
      <button type="button" class="button small" onClick=${() => change(promise, { is_done: true })}>${t('promise.done')}</button>
    </div>
  </div>`;
}
