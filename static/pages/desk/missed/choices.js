// @ts-check
import { REASONS } from '../../../card/missed.js';
import { tomorrow } from '../../../card/promise.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { serverNow } from '../../../core/ticks.js';
import { focus } from '../../../ui/focus.js';
import { asking, close, snooze } from './actions.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

const MINUTE_MS = 60_000;

/** What can be answered, in the order of the digits. @param {'snooze'|'close'} what @param {MissedRow} row */
export function choicesFor(what, row) {
  if (what === 'close') {
    return REASONS.map((reason) => {
      const words = t(`missed.reason.${reason}`);
      return { words, choose: () => close(row, words) };
    });
  }
  const after = (/** @type {number} */ minutes) => new Date(serverNow() + minutes * MINUTE_MS).toISOString();
  return [
    { words: t('missed.snooze.half'), choose: () => snooze(row, after(30)) },
    { words: t('missed.snooze.hour'), choose: () => snooze(row, after(60)) },
    { words: t('missed.snooze.morning'), choose: () => snooze(row, row.morning_at ?? tomorrow().toISOString()) },
  ];
}

/** Until when, or why: one press, or one digit. @param {{row: MissedRow, what: 'snooze'|'close'}} props */
export function Choices({ row, what }) {
  const cancel = () => {
    asking.value = null;
    document.getElementById(`missed-${row.id}`)?.focus();
  };
  return html`<fieldset class="chips missed-choices" onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && cancel()}>
    <legend>${t(what === 'close' ? 'missed.reason' : 'missed.until')}</legend>
    ${choicesFor(what, row).map(({ words, choose }, index) => html`<button key=${index} type="button" class="chip" ref=${index === 0 ? focus : undefined} onClick=${choose}>
      <kbd aria-hidden="true">${index + 1}</kbd>${words}</button>`)}
    <button type="button" class="button small" onClick=${cancel}>${t('missed.cancel')}</button>
  </fieldset>`;
}
