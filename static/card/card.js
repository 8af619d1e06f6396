// @ts-check
import { useState } from '../vendor/hooks.mjs';
import { formatLength, formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { now } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { CallButton } from './call-button.js';
import { dismiss, hold, isTouched } from './cards.js';
import { Client } from './client.js';
import { ContactForm } from './contact-form.js';
import { Details } from './details.js';
import { needsEyes } from './drafts.js';
import { Facts } from './facts.js';
import { CardHead } from './head.js';
import { Matches } from './matches.js';
import { NextStep } from './next-step.js';
import { Note } from './note.js';
import { Outcome } from './outcome.js';
import { isUnheard, phaseOf } from './phase.js';
import { isNumber, who } from './who.js';

/** @typedef {import('../core/types.js').Card} Card */
/** @typedef {import('./phase.js').Phase} Phase */

/** Phases in which a card below the newest shows its client only, so that three fit on a screen. */
const FOLDABLE = new Set(['requested', 'ringing', 'calling', 'ended', 'missed', 'unreached']);

/** One call on the screen. @param {{card: Card, folds: boolean, newest: boolean}} props folds: it is about to leave by itself */
export function CallCard({ card, folds, newest }) {
  const [unfolded, setUnfolded] = useState(false);
  const phase = phaseOf(card, me.value);
  const compact = !newest && !unfolded && FOLDABLE.has(phase) && !isTouched(card.id) && !needsEyes(card.id);
  const keep = {
    onMouseEnter: () => hold(card.id, true),
    onMouseLeave: (/** @type {any} */ event) => hold(card.id, event.currentTarget.contains(document.activeElement)),
    onFocusIn: () => {
      hold(card.id, true);
      if (!compact) setUnfolded(true); // in use: a newer call does not fold it
    },
    onFocusOut: (/** @type {any} */ event) => hold(card.id, event.currentTarget.contains(event.relatedTarget)),
  };
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' && !(event.target instanceof HTMLTextAreaElement)) attempt(() => dismiss(card.id));
  };
  return html`<article class=${`card ${phase} ${folds ? 'folds' : ''} ${compact ? 'compact' : ''}`} aria-label=${t('card.of', { who: who(card) })}
    data-call=${card.id} data-phase=${phase} onKeyDown=${escape} ...${keep}>
    <${CardHead} card=${card} phase=${phase} />
    ${phase === 'another' && html`<${Another} card=${card} />`}
    ${phase === 'another' && needsEyes(card.id) && html`<div class="card-body"><${Note} card=${card} /></div>`}
    ${phase !== 'another' && compact && html`<${Compact} card=${card} onUnfold=${() => setUnfolded(true)} />`}
    ${phase !== 'another' && !compact && html`<${Body} card=${card} phase=${phase} />`}
  </article>`;
}

/** @param {{card: Card}} props */
function Another({ card }) {
  return html`<p class="another-line"><strong dir="auto">${who(card)}</strong>
    <span dir="auto">${card.user ? t('card.another', { who: card.user.name }) : t('card.another_unknown')}</span></p>`;
}

/** Who it is and which line, for a card below the newest. @param {{card: Card, onUnfold: () => void}} props */
function Compact({ card, onUnfold }) {
  return html`<div class="card-body">
    <${Client} card=${card} />
    <div class="unfold"><p dir="auto">${card.line?.label || (card.line ? formatPhone(card.line.number) : '')}</p>
      <button type="button" class="button small" onClick=${onUnfold}><${Icon} name="chevron-down" />${t('card.unfold')}</button></div>
  </div>`;
}

/** @param {{card: Card, phase: Phase}} props */
function Body({ card, phase }) {
  const [open, setOpen] = useState(/** @type {''|'details'|'create'} */ (''));
  const unheard = phase === 'requested' && isUnheard(card, now.value);
  const over = phase === 'ended' || phase === 'unreached' || unheard;
  const unfold = (/** @type {'details'|'create'} */ part) => setOpen(open === part ? '' : part);
  return html`<div class="card-body">
    <${Client} card=${card} />
    <${Sentence} card=${card} phase=${phase} unheard=${unheard} />
    ${!over && html`<${Facts} card=${card} />`}
    ${phase !== 'ended' && html`<${Matches} card=${card} />`}
    ${phase !== 'ringing' && (phase !== 'requested' || unheard) && phase !== 'calling' && html`<${Note} card=${card} />`}
    ${over && html`<${Outcome} card=${card} /><${NextStep} card=${card} />`}
    ${open === 'details' && card.contact && html`<${Details} id=${card.contact.id} />`}
    ${open === 'create' && html`<${ContactForm} card=${card} onDone=${() => setOpen('')} />`}
    <${Actions} card=${card} phase=${phase} unheard=${unheard} open=${open} unfold=${unfold} />
  </div>`;
}

/** What has happened, in one sentence. @param {{card: Card, phase: Phase, unheard: boolean}} props */
function Sentence({ card, phase, unheard }) {
  const text = unheard ? t('call.requested.unheard') : sentence(card, phase);
  if (!text) return null;
  return html`<p class="sentence">${text}</p>`;
}

/** @param {Card} card @param {Phase} phase */
function sentence(card, phase) {
  if (phase === 'requested') return t('call.requested.more');
  if (phase === 'missed') return `${gaveUp(card)}. ${t('card.on_board')}.`;
  if (phase === 'unreached') return t(`unreached.${card.state}`);
  if (card.transferred_from && phase !== 'ended') return t('card.transferred');
  if (card.transferred_to) return t('card.transferred_on');
  return '';
}

/** @param {Card} card */
function gaveUp(card) {
  const waited = card.wait_s ?? (card.ended_at ? (Date.parse(card.ended_at) - Date.parse(card.started_at)) / 1000 : null);
  return waited === null ? t('card.missed_plain') : t('card.gave_up', { time: formatLength(waited) });
}

/** @param {{card: Card, phase: Phase, unheard: boolean, open: string, unfold: (part: 'details'|'create') => void}} props */
function Actions({ card, phase, unheard, open, unfold }) {
  const over = phase === 'ended' || phase === 'unreached' || phase === 'missed' || unheard;
  return html`<div class="buttons card-actions">
    ${phase === 'missed' && html`<${CallButton} phone=${card.phone} label=${t('card.call_back')} primary />`}
    ${phase === 'unreached' && html`<${CallButton} phone=${card.phone} label=${t('card.call_again')} primary />`}
    ${card.contact && html`<button type="button" class="button" aria-expanded=${open === 'details'} onClick=${() => unfold('details')}>
      <${Icon} name="user" />${open === 'details' ? t('card.details_hide') : t('card.details')}</button>`}
    ${!card.contact && isNumber(card.phone) && open !== 'create' && html`<button type="button" class=${`button ${phase === 'ringing' ? 'primary' : ''}`} onClick=${() => unfold('create')}>
      <${Icon} name="user-plus" />${t('card.create')}</button>`}
    ${over && html`<button type="button" class="button last" onClick=${() => attempt(() => dismiss(card.id))}>${t('card.done')}</button>`}
  </div>`;
}
