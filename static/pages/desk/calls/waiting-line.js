// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { missedOpen } from '../../../card/cards.js';
import { Icon } from '../../../ui/icon.js';

/** How many clients wait for a call, and the way to them. */
export function WaitingLine() {
  const open = missedOpen.value;
  if (open === null) return null;
  return html`<a class=${open > 0 ? 'home-link bad' : 'home-link'} href="/missed"><${Icon} name=${open > 0 ? 'phone-missed' : 'check'} />
    <span>${open > 0 ? t('calls.waiting', { n: open }) : t('calls.nobody_waits')}</span><${Icon} name="chevron-right" /></a>`;
}
