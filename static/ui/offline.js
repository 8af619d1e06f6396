// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from './icon.js';

/** Says that the stream is down; nothing else stops working. @param {{state: import('../core/types.js').StreamState}} props */
export function OfflineBanner({ state }) {
  if (state !== 'offline') return html`<div role="status"></div>`;
  return html`<div role="status"><div class="offline-banner">
    <${Icon} name="wifi-off" />
    <p><strong>${t('stream.offline')}.</strong> ${t('stream.offline.more')}</p>
  </div></div>`;
}
