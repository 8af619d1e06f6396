// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { Icon } from '../ui/icon.js';
import { attempt, say } from '../ui/toast.js';

/** Dials, and says what came of it; the call's own card says the rest. @param {string} phone @param {string} [integration] */
export async function dialPhone(phone, integration) {
  const done = await attempt(() => api.dial(phone, integration));
  if (done) say({ text: t('dial.accepted') });
  return done;
}

/**
 * The same, and whether it is on its way.
 * @returns {{busy: boolean, dial: (phone: string, integration?: string) => Promise<boolean>}}
 */
export function useDial() {
  const [busy, setBusy] = useState(false);
  const dial = async (/** @type {string} */ phone, /** @type {string|undefined} */ integration = undefined) => {
    setBusy(true);
    const done = await dialPhone(phone, integration);
    setBusy(false);
    return done;
  };
  return { busy, dial };
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
  const { busy, dial } = useDial();
  const able = hasLine();
  return html`<button type="button" class=${`button ${primary ? 'primary' : ''} ${small ? 'small' : ''}`} disabled=${busy || !able}
      title=${able ? t('dial.to', { phone: formatPhone(phone) }) : t('dial.no_line')} onClick=${() => dial(phone)}>
      <${Icon} name="phone" />${label}</button>`;
}
