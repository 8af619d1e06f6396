// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { formatStep } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { serverNow } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';

const HOUR_MS = 3_600_000;
const MORNING_HOUR = 10;

/** When to come back to the client. @param {{card: import('../core/types.js').Card}} props */
export function NextStep({ card }) {
  const [asks, setAsks] = useState(false);
  const [date, setDate] = useState('');
  const set = (/** @type {string} */ step) =>
    attempt(async () => {
      touch(card.id);
      await api.changeCall(card.id, { next_step: step });
      amend(card.id, { next_step: step });
      setAsks(false);
    });
  if (card.next_step) {
    return html`<p class="step-chosen"><${Icon} name="calendar-clock" /><span>${t('step.chosen', { when: formatStep(card.next_step) })}</span>
      <button type="button" class="icon-button small" onClick=${() => set('')} aria-label=${t('step.clear')} title=${t('step.clear')}><${Icon} name="x" /></button></p>`;
  }
  return html`<fieldset class="chips">
    <legend>${t('step.title')}</legend>
    <button type="button" class="chip" onClick=${() => set(instant(serverNow() + HOUR_MS))}>${t('step.hour')}</button>
    <button type="button" class="chip" onClick=${() => set(tomorrow())}>${t('step.tomorrow')}</button>
    <button type="button" class="chip" aria-expanded=${asks} onClick=${() => setAsks(!asks)}>${t('step.date')}</button>
    ${asks && html`<span class="step-date">
      <input type="date" aria-label=${t('step.date_label')} value=${date} onInput=${(/** @type {any} */ event) => setDate(event.currentTarget.value)} />
      <button type="button" class="button small" disabled=${!date} onClick=${() => set(morning(new Date(`${date}T00:00`)))}>${t('step.set')}</button>
    </span>`}
  </fieldset>`;
}

/** @param {number} ms */
function instant(ms) {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function tomorrow() {
  const day = new Date(serverNow());
  day.setDate(day.getDate() + 1);
  return morning(day);
}

/** @param {Date} day */
function morning(day) {
  day.setHours(MORNING_HOUR, 0, 0, 0);
  return instant(day.getTime());
}
