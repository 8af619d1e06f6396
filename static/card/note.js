// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { touch } from './cards.js';
import { accept, drafts, flush, noteStates, type } from './drafts.js';

/** The note that saves itself. @param {{card: import('../core/types.js').Card, phase: import('./phase.js').Phase}} props */
export function Note({ card, phase }) {
  const state = noteStates.value[card.id];
  const draft = drafts.value[card.id];
  const hasTalked = phase === 'mine' || phase === 'ended' || phase === 'another';
  const id = `note-${card.id}`;
  const typed = (/** @type {any} */ event) => {
    touch(card.id);
    type(card, event.currentTarget.value);
  };
  return html`<div class="note">
    <div class="note-head">
      <label for=${id}>${t(hasTalked ? 'note.label' : 'note.label.untalked')}</label>
      <span class=${`note-state ${state ?? ''}`} role="status">${state && t(`note.${state}`)}</span>
    </div>
    <div role="status">${draft?.joined && html`<${Joined} call=${card.id} draft=${draft} />`}</div>
    <textarea id=${id} rows="2" maxlength="10000" placeholder=${t(hasTalked ? 'note.placeholder' : 'note.placeholder.untalked')}
      value=${draft?.note ?? card.note} onInput=${typed} onBlur=${() => flush(card.id)}></textarea>
  </div>`;
}

/** Somebody has written meanwhile: what it was, and that both texts stand here. @param {{call: string, draft: import('./drafts.js').Draft}} props */
function Joined({ call, draft }) {
  const text = draft.base.trim() || t('note.joined.emptied');
  const who = draft.by?.name || draft.by?.login || '';
  const key = draft.by && draft.by.id === me.value?.id ? 'note.joined.me' : who ? 'note.joined.by' : 'note.joined.unknown';
  return html`<div class="note-joined">
    <p dir="auto"><strong>${t(key, { who, text })}</strong></p>
    <p>${t('note.joined.more')}</p>
    <button type="button" class="button small" onClick=${() => accept(call)}>${t('note.joined.save')}</button>
  </div>`;
}
