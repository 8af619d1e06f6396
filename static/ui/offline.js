// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { streamState } from '../live/live.js';
import { Icon } from './icon.js';

/** Says that the stream is down; nothing else stops working. */
export function OfflineBanner() {
  if (streamState.value !== 'offline') return html`<div role="status"></div>`;
  return html`<div role="status"><div class="offline-banner">
    <${Icon} name="wifi-off" />
    <p><strong>${t('stream.offline')}.</strong> ${t('stream.offline.more')}</p>
  </div></div>`;
}
