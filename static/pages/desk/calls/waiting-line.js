// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { missedOpen } from '../../../card/cards.js';
import { Icon } from '../../../ui/icon.js';

/** How many clients wait for a call, and the way to them. It keeps its place while nobody knows yet. */
export function WaitingLine() {
  const open = missedOpen.value;
  if (open === null) return html`<p class="home-line" aria-hidden="true"></p>`;
  return html`<p class="home-line"><a class=${open > 0 ? 'home-link bad' : 'home-link'} href="/missed"><${Icon} name=${open > 0 ? 'phone-missed' : 'check'} />
    <span>${open > 0 ? t('calls.waiting', { n: open }) : t('calls.nobody_waits')}</span><${Icon} name="chevron-right" /></a></p>`;
}
