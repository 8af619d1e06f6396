// @ts-check
import { useEffect, useRef, useState } from '../vendor/hooks.mjs';
import { formatLength } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { now } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { AlertForm } from './alert-form.js';
import { BlockButton } from './block.js';
import { CallButton } from './call-button.js';
import { dismiss } from './cards.js';
import { Client } from './client.js';
import { changeDraft, contactDraft } from './contact-drafts.js';
import { ContactForm } from './contact-form.js';
import { Details } from './details.js';
import { needsEyes } from './drafts.js';
import { Facts } from './facts.js';
import { CardHead } from './head.js';
import { Matches } from './matches.js';
import { Note } from './note.js';
import { Outcome } from './outcome.js';
import { isUnheard, phaseOf } from './phase.js';
import { opened } from './places.js';
import { Promised } from './promise.js';
import { useHold } from './use.js';
import { isNamed, isNumber, who } from './who.js';

/** @typedef {import('../core/types.js').Card} Card */
/** @typedef {import('./phase.js').Phase} Phase */

/** Phases in which there is nothing to write down yet. */
const BEFORE = new Set(['ringing', 'stopping', 'calling', 'requested']);

/** The call at the bottom of the stack, in full. What is written on stands at its foot, which never moves. @param {{card: Card}} props */
export function CallCard({ card }) {
  const phase = phaseOf(card, me.value);
  const unheard = phase === 'requested' && isUnheard(card, now.value);
  const over = phase === 'ended' || phase === 'unreached' || unheard;
  const [asked, setAsked] = useState(/** @type {''|'details'|'create'} */ (''));
  const open = contactDraft(card.id).isOpen && !card.contact ? 'create' : asked === 'details' ? 'details' : '';
  const unfold = (/** @type {'details'|'create'} */ part) => {
    setAsked(open === part ? '' : part);
    if (part === 'create') changeDraft(card.id, { isOpen: open !== 'create' });
  };
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (opened.value !== card.id) return;
    box.current?.focus();
    opened.value = '';
  }, [opened.value]);
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    const back = /** @type {HTMLElement} */ (event.currentTarget).querySelector('.card-actions [aria-expanded]');
    if (open !== '') {
      unfold(open);
      /** @type {HTMLElement|null} */ (back)?.focus();
    } else if (!(event.target instanceof HTMLTextAreaElement)) attempt(() => dismiss(card.id));
  };
  return html`<article class=${`card ${phase}`} aria-label=${t('card.of', { who: who(card) })}
    ref=${box} tabindex="-1" data-call=${card.id} data-phase=${phase} onKeyDown=${escape} ...${useHold(card.id)}>
    <${CardHead} card=${card} phase=${phase} />
    <div class="card-body">
      <${Client} card=${card} />
      <${Sentence} card=${card} phase=${phase} unheard=${unheard} />
      ${!over && html`<${Facts} card=${card} />`}
      ${phase !== 'ended' && html`<${Matches} card=${card} />`}
      ${(over || phase === 'missed') && html`<${Outcome} card=${card} /><${Promised} card=${card} />`}
      ${open === 'details' && card.contact && html`<${Details} id=${card.contact.id} /><${AlertForm} key=${card.contact.id} card=${card} contact=${card.contact.id} />`}
      ${open === 'create' && html`<${ContactForm} card=${card} asked=${asked === 'create'} />`}
    </div>
    <div class="card-foot">
      ${(!BEFORE.has(phase) || unheard || needsEyes(card.id)) && html`<${Note} card=${card} phase=${phase} />`}
      <${Actions} card=${card} phase=${phase} over=${over} open=${open} unfold=${unfold} />
    </div>
  </article>`;
}

/** What has happened, in one sentence. @param {{card: Card, phase: Phase, unheard: boolean}} props */
function Sentence({ card, phase, unheard }) {
  const text = unheard ? t('call.requested.unheard') : sentence(card, phase);
  if (!text) return null;
  return html`<p class="sentence">${text}</p>`;
}

/** @param {Card} card @param {Phase} phase */
function sentence(card, phase) {
  if (card.is_trial) return t('trial.sentence');
  if (phase === 'requested') return t('call.requested.more');
  if (phase === 'stopping') return t('call.stopping.more');
  if (phase === 'another') return card.user ? t('card.another', { who: card.user.name }) : t('card.another_unknown');
  if (phase === 'missed') return `${gaveUp(card)}. ${t('card.on_board')}.`;
  if (phase === 'unreached') return t(`unreached.${card.state}`);
  if (card.transferred_from && phase !== 'ended') return t('card.transferred');
  if (card.transferred_to) return t('card.transferred_on');
  return '';
}

/** @param {Card} card */
export function gaveUp(card) {
  const waited = card.wait_s ?? (card.ended_at ? (Date.parse(card.ended_at) - Date.parse(card.started_at)) / 1000 : null);
  return waited === null ? t('card.missed_plain') : t('card.gave_up', { time: formatLength(waited) });
}

/** @param {{card: Card, phase: Phase, over: boolean, open: string, unfold: (part: 'details'|'create') => void}} props */
function Actions({ card, phase, over, open, unfold }) {
  const isCreate = !card.contact && !card.is_trial && isNumber(card.phone);
  return html`<div class="buttons card-actions">
    ${phase === 'missed' && html`<${CallButton} phone=${card.phone} label=${t('card.call_back')} primary />`}
    ${phase === 'unreached' && html`<${CallButton} phone=${card.phone} label=${t('card.call_again')} primary />`}
    ${card.contact && html`<button type="button" class="button" aria-expanded=${open === 'details'} onClick=${() => unfold('details')}>
      <${Icon} name="user" />${open === 'details' ? t('card.details_hide') : t('card.details')}</button>`}
    ${isCreate && html`<button type="button" class=${`button ${phase === 'ringing' && open === '' ? 'primary' : ''}`} aria-expanded=${open === 'create'} onClick=${() => unfold('create')}>
      <${Icon} name="user-plus" />${open === 'create' ? t('card.details_hide') : t('card.create')}</button>`}
    ${card.direction === 'in' && (over || phase === 'missed') && !isNamed(card.contact) && isNumber(card.phone) && html`<${BlockButton} phone=${card.phone} />`}
    ${(over || phase === 'missed' || phase === 'another') && html`<button type="button" class="button last" onClick=${() => attempt(() => dismiss(card.id))}>${t('card.done')}</button>`}
  </div>`;
}
