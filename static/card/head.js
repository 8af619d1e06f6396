// @ts-check
import { formatClock } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { now } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { dismiss } from './cards.js';

/** @typedef {import('../core/types.js').Card} Card */
/** @typedef {import('./phase.js').Phase} Phase */

/** @type {Record<Phase, string>} */
export const ICONS = {
  requested: 'clock',
  ringing: 'phone-incoming',
  stopping: 'phone-off',
  calling: 'phone-outgoing',
  mine: 'phone-call',
  another: 'users',
  ended: 'check',
  missed: 'phone-missed',
  unreached: 'phone-off',
};

/** What the call is now, for how long, and the way to send the card off. @param {{card: Card, phase: Phase}} props */
export function CardHead({ card, phase }) {
  const seconds = elapsed(card, phase);
  return html`<header class="card-head">
    <span class="state"><${Icon} name=${ICONS[phase]} />${word(card, phase)}</span>
    ${card.is_trial && html`<span class="badge">${t('trial.mark')}</span>`}
    ${seconds !== null && html`<span key=${phase} class="clock" aria-hidden=${phase === 'ended' ? undefined : 'true'}>${formatClock(seconds)}</span>`}
    <button type="button" class="icon-button small dismiss" onClick=${() => attempt(() => dismiss(card.id))}
      aria-label=${t('card.dismiss')} title=${t('card.dismiss')}><${Icon} name="x" /></button>
  </header>`;
}

/** What the call is now. @param {Card} card @param {Phase} phase */
export const word = (card, phase) => t(phase === 'unreached' ? `call.${card.state}` : `call.${phase}`);

/** How long it rings, goes on or went on. @param {Card} card @param {Phase} phase @returns {number|null} seconds */
export function elapsed(card, phase) {
  if (phase === 'ringing' || phase === 'calling') return (now.value - Date.parse(card.started_at)) / 1000;
  if (phase === 'mine' && card.answered_at) return (now.value - Date.parse(card.answered_at)) / 1000;
  if (phase === 'ended') return card.duration_s;
  return null;
}
