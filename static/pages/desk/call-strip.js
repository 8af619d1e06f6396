// @ts-check
import { stack } from '../../card/cards.js';
import { elapsed, ICONS, word } from '../../card/head.js';
import { phaseOf } from '../../card/phase.js';
import { pinned } from '../../card/places.js';
import { who } from '../../card/who.js';
import { formatClock } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { Icon } from '../../ui/icon.js';

/** Who calls, in one line at the bottom: pressed, it opens the cards. @param {{isOpen: boolean, toggle: () => void}} props */
export function CallStrip({ isOpen, toggle }) {
  const card = (pinned.value ?? stack.value[0])?.card;
  if (!card) return html`<p class="call-strip hint"><span class="wait-ring"></span>${t('idle.title')}</p>`;
  const phase = phaseOf(card, me.value);
  const seconds = elapsed(card, phase);
  const others = stack.value.length - 1;
  return html`<button type="button" class=${`call-strip card-tone ${phase}`} aria-expanded=${isOpen} onClick=${toggle}>
    <${Icon} name=${ICONS[phase]} /><span>${word(card, phase)}</span><strong dir="auto">${who(card)}</strong>
    ${seconds !== null && html`<span class="clock">${formatClock(seconds)}</span>`}
    <span class="spring"></span>
    ${others > 0 && html`<span>${t('card.more', { n: others })}</span>`}<${Icon} name=${isOpen ? 'chevron-down' : 'chevron-up'} />
  </button>`;
}
