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

/** An icon alone: a third word would break the row of a card's buttons in two, and move the note. @param {{phone: string}} props */
export const BlockButton = ({ phone }) => html`<button type="button" class="icon-button" title=${t('block.more')} aria-label=${t('block.do')}
  onClick=${() => block(phone)}><${Icon} name="ban" /></button>`;
