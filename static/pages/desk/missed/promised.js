// @ts-check
import { useEffect } from '../../../vendor/hooks.mjs';
import { signal } from '../../../vendor/signals.mjs';
import { CallButton } from '../../../card/call-button.js';
import { later } from '../../../card/due.js';
import { isNamed, isNumber, nameOf, number } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatExact, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { now, serverNow } from '../../../core/ticks.js';
import { on } from '../../../live/topics.js';
import { attempt, say } from '../../../ui/toast.js';

/** @typedef {import('../../../core/types.js').Promise} Promise */

/** What is promised to anybody, the soonest first. @type {{value: Promise[]}} */
const open = signal([]);

const read = () => attempt(async () => {
  open.value = (await api.openPromises()).items;
});

/** What has to be done today, and what should have been. */
export function Promised() {
  useEffect(() => {
    read();
    const ways = [on('snapshot', read), on('promise', read)];
    return () => ways.forEach((stop) => stop());
  }, []);
  void now.value; // midnight comes
  const midnight = new Date(serverNow()).setHours(24, 0, 0, 0);
  const today = open.value.filter(({ due_at }) => Date.parse(due_at) < midnight);
  if (today.length === 0) return null;
  return html`<section class="panel" aria-labelledby="promised-title"><h2 id="promised-title">${t('promise.title')} <span class="count">${today.length}</span></h2>
    <ul class="rows">${today.map((promise) => html`<${Row} key=${promise.id} promise=${promise} />`)}</ul></section>`;
}

/** @param {{promise: Promise}} props */
function Row({ promise }) {
  const who = nameOf(promise.contact) || number(promise.number, promise.number_formatted);
  const isLate = Date.parse(promise.due_at) <= serverNow();
  const isMine = promise.user?.id === me.value?.id;
  const change = (/** @type {object} */ change, /** @type {string} */ text, /** @type {object} */ back) => attempt(async () => {
    await api.changePromise(promise.id, change);
    await read();
    say({ text, label: t('missed.undo'), undo: () => attempt(() => api.changePromise(promise.id, back).then(read)) });
  });
  return html`<li class="row waiting" data-promise=${promise.id}>
    <p class=${`missed-when ${isLate ? 'bad' : ''}`} title=${formatExact(promise.due_at)}>${isLate && html`<span class="dot"></span>`}${formatWhen(promise.due_at)}</p>
    <div class="row-main">
      <p class="missed-line"><strong class=${isNamed(promise.contact) ? '' : 'figures'} dir="auto">${who}</strong>
        ${isNamed(promise.contact) && html`<span class="figures muted">${number(promise.number, promise.number_formatted)}</span>`}</p>
      <p class="missed-line row-more muted">${promise.user && html`<span dir="auto">${isMine ? t('missed.you') : promise.user.name}</span>`}
        ${promise.text && html`<span dir="auto" title=${promise.text}>${promise.text}</span>`}</p>
    </div>
    <div class="missed-acts">
      ${isNumber(promise.number) && html`<${CallButton} phone=${promise.number} label=${t('dial.call')} small />`}
      ${(isMine || me.value?.role !== 'operator') && html`<button type="button" class="button small" aria-label=${`${t('promise.later')}: ${who}`} onClick=${() => change({ due_at: later() }, t('missed.said.moved', { who }), { due_at: promise.due_at })}>${t('promise.later')}</button>
        <button type="button" class="button small" aria-label=${`${t('promise.done')}: ${who}`} onClick=${() => change({ is_done: true }, t('missed.said.done', { who }), { is_done: false })}>${t('promise.done')}</button>`}
    </div>
  </li>`;
}
