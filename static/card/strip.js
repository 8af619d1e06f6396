// @ts-check
import { formatClock } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { now } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { Vip } from './alert.js';
import { CallButton } from './call-button.js';
import { gaveUp } from './card.js';
import { dismiss } from './cards.js';
import { elapsed, ICONS, word } from './head.js';
import { isPassing, isUnheard, phaseOf } from './phase.js';
import { open } from './places.js';
import { useHold } from './use.js';
import { isNamed, isNumber, number, who } from './who.js';

/** @typedef {import('../core/types.js').Card} Card */
/** @typedef {import('./phase.js').Phase} Phase */

/** A call above the one at the bottom: who, which line, how long; pressed, it is opened in full. @param {{card: Card, folds: boolean}} props */
export function Strip({ card, folds }) {
  const phase = phaseOf(card, me.value);
  const isLine = isPassing(card, me.value);
  const seconds = elapsed(card, phase);
  const escape = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && attempt(() => dismiss(card.id));
  return html`<article class=${`card strip ${phase} ${isLine ? 'line' : ''} ${folds ? 'folds' : ''}`} aria-label=${t('card.of', { who: who(card) })}
    data-call=${card.id} data-phase=${phase} ...${useHold(card.id, 'pointer')} onKeyDown=${escape}>
    <button type="button" class="strip-open" title=${t('card.unfold')} onClick=${() => open(card.id)}>
      <${Icon} name=${ICONS[phase]} />
      <span class="strip-text">
        <span class="strip-first"><strong class=${isNamed(card.contact) ? '' : 'figures'} dir="auto">${who(card)}</strong>
          ${card.vip && html`<${Vip} />`}
          ${!isLine && seconds !== null && html`<span class="clock" aria-hidden="true">${formatClock(seconds)}</span>`}</span>
        <span class="strip-more" dir="auto">${more(card, phase)}</span>
      </span>
    </button>
    ${phase === 'missed' && isNumber(card.phone) && html`<${CallButton} phone=${card.phone} label=${t('card.call_back')} small />`}
    <button type="button" class="icon-button small" onClick=${() => attempt(() => dismiss(card.id))}
      aria-label=${t('card.dismiss')} title=${t('card.dismiss')}><${Icon} name="x" /></button>
  </article>`;
}

/** The second line. @param {Card} card @param {Phase} phase */
function more(card, phase) {
  if (phase === 'missed') return gaveUp(card);
  if (phase === 'another') return card.user ? t('card.another', { who: card.user.name }) : t('card.another_unknown');
  const line = card.line ? card.line.label || number(card.line.number) : '';
  const state = phase === 'requested' && isUnheard(card, now.value) ? t('call.requested.unheard.short') : word(card, phase);
  const responsible = card.responsible && card.responsible.id !== me.value?.id ? t('card.responsible_other', { who: card.responsible.name }) : '';
  return [card.alert, state, line, responsible].filter(Boolean).join(' · ');
}
