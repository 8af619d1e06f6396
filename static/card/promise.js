// @ts-check
import { useEffect, useRef, useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { formatWhen } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { serverNow } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';
import { asksPromise } from './outcome.js';

const HOUR_MS = 3_600_000;
const MORNING_HOUR = 10;

/** What is promised to the client, and when: it rings then. @param {{card: import('../core/types.js').Card}} props */
export function Promised({ card }) {
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(() => local(tomorrow()));
  const [text, setText] = useState('');
  const field = useRef(/** @type {HTMLInputElement|null} */ (null));
  const isAsked = asksPromise.value === card.id;
  const asks = isOpen || isAsked;
  useEffect(() => {
    if (isAsked) field.current?.focus();
    if (asks) field.current?.closest('fieldset')?.scrollIntoView({ block: 'nearest' });
  }, [isAsked, asks]);
  const set = (/** @type {Date|null} */ due) =>
    attempt(async () => {
      touch(card.id);
      const { promise } = await api.changeCall(card.id, { promise: due && { due_at: due.toISOString(), text } });
      amend(card.id, { promise });
      setOpen(false);
      asksPromise.value = '';
    });
  const { promise } = card;
  if (promise && !promise.done_at && !isAsked) {
    return html`<p class="step-chosen"><${Icon} name="calendar-clock" /><span dir="auto">${t('promise.chosen', { when: formatWhen(promise.due_at) })}${promise.text && `: ${promise.text}`}</span>
      <button type="button" class="icon-button small" onClick=${() => set(null)} aria-label=${t('promise.clear')} title=${t('promise.clear')}><${Icon} name="x" /></button></p>`;
  }
  return html`<fieldset class="chips">
    <legend>${t('promise.title')}</legend>
    <button type="button" class="chip" onClick=${() => set(new Date(serverNow() + HOUR_MS))}>${t('promise.hour')}</button>
    <button type="button" class="chip" onClick=${() => set(tomorrow())}>${t('promise.tomorrow')}</button>
    <button type="button" class="chip" aria-expanded=${asks} onClick=${() => (setOpen(!asks), (asksPromise.value = ''))}>${t('promise.date')}</button>
    ${asks && html`<span class="step-date">
      <input ref=${field} maxlength="200" autocomplete="off" aria-label=${t('promise.text')} placeholder=${t('promise.text')} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      <input type="datetime-local" aria-label=${t('promise.at')} value=${at} onInput=${(/** @type {any} */ event) => setAt(event.currentTarget.value)} />
      <button type="button" class="button" disabled=${!at} onClick=${() => set(new Date(at))}>${t('promise.set')}</button>
    </span>`}
  </fieldset>`;
}

/** Tomorrow morning, in the person's own zone. */
export function tomorrow() {
  const day = new Date(serverNow());
  day.setDate(day.getDate() + 1);
  day.setHours(MORNING_HOUR, 0, 0, 0);
  return day;
}

/** As the field wants it, in the person's own zone. @param {Date} at */
function local(at) {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
