// @ts-check
/** Blocking a number: nobody hears of its calls any more. The toast takes it back. */
import * as api from '../core/api.js';
import { formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';
import { attempt, say } from '../ui/toast.js';

/** @param {string} phone @param {{why?: string, force?: boolean}} [how] */
export const block = (phone, how = {}) => attempt(async () => {
  const { number_formatted } = await api.blockNumber(phone, how);
  say({ text: t('block.done', { phone: number_formatted }), label: t('missed.undo'), undo: () => attempt(() => api.unblockNumber(phone)) });
});

/** @param {string} phone */
export const unblock = (phone) => attempt(async () => {
  await api.unblockNumber(phone);
  say({ text: t('block.undone', { phone: formatPhone(phone) }) });
});

/** @param {{phone: string, small?: boolean}} props */
export function BlockButton({ phone, small = false }) {
  return html`<button type="button" class=${`button ${small ? 'small' : ''}`} title=${t('block.more')} onClick=${() => block(phone)}><${Icon} name="ban" />${t('block.do')}</button>`;
}
