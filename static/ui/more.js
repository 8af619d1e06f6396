// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { attempt } from './toast.js';

/** Brings a list's next page, while there is one. @param {{list: {next: {value: string|null}, more: () => Promise<void>}}} props */
export function More({ list }) {
  if (list.next.value === null) return null;
  return html`<div class="more-rows"><button type="button" class="button small" onClick=${() => attempt(list.more)}>${t('list.more')}</button></div>`;
}
