// @ts-check
import { formatWhen } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';

/** Since when nobody hears of a number, by whom and why, and the way back. @param {{blocked: NonNullable<import('../core/types.js').PhoneNumber['blocked']>, free: () => void}} props */
export function BlockedNote({ blocked, free }) {
  const parts = [formatWhen(blocked.at), blocked.by?.name, blocked.why].filter(Boolean);
  return html`<p class="blocked-line" data-blocked><span><${Icon} name="ban" /> <strong>${t('block.is')}</strong> <span class="muted" dir="auto">${parts.join(', ')}</span></span>
    <button type="button" class="button small" onClick=${free}>${t('block.undo')}</button></p>`;
}
