// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { explain } from '../core/errors.js';
import { formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { Icon } from '../ui/icon.js';

/** @typedef {{text: string, bad: boolean}} Answer */

/**
 * Dials once and remembers what came of it.
 * @returns {{answer: Answer|null, busy: boolean, dial: (phone: string, integration?: string) => Promise<void>}}
 */
export function useDial() {
  const [answer, setAnswer] = useState(/** @type {Answer|null} */ (null));
  const [busy, setBusy] = useState(false);
  const dial = async (/** @type {string} */ phone, /** @type {string|undefined} */ integration = undefined) => {
    setBusy(true);
    setAnswer(null);
    try {
      await api.dial(phone, integration);
      setAnswer({ text: t('dial.accepted'), bad: false });
    } catch (refusal) {
      setAnswer({ text: explain(refusal), bad: true });
    }
    setBusy(false);
  };
  return { answer, busy, dial };
}

/** The lines to choose among: the first one of each system, the default line first. */
export const linesToChoose = () => {
  const lines = me.value?.lines ?? [];
  return lines.filter((line, index) => lines.findIndex((other) => other.integration === line.integration) === index);
};

/** Whether this person has a line to call from. */
export const hasLine = () => (me.value?.lines?.length ?? 0) > 0;

/** @param {{phone: string, label: string, primary?: boolean, small?: boolean}} props */
export function CallButton({ phone, label, primary = false, small = false }) {
  const { answer, busy, dial } = useDial();
  const able = hasLine();
  return html`<button type="button" class=${`button ${primary ? 'primary' : ''} ${small ? 'small' : ''}`} disabled=${busy || !able}
      title=${able ? t('dial.to', { phone: formatPhone(phone) }) : t('dial.no_line')} onClick=${() => dial(phone)}>
      <${Icon} name="phone" />${busy ? t('dial.calling') : label}</button>
    ${answer && html`<p class=${answer.bad ? 'error call-answer' : 'hint call-answer'} role="status">${answer.text}</p>`}`;
}
