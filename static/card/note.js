// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { touch } from './cards.js';
import { drafts, flush, noteStates, type } from './drafts.js';

/** The note that saves itself. @param {{card: import('../core/types.js').Card}} props */
export function Note({ card }) {
  const state = noteStates.value[card.id];
  const id = `note-${card.id}`;
  const typed = (/** @type {any} */ event) => {
    touch(card.id);
    type(card.id, event.currentTarget.value);
  };
  return html`<div class="note">
    <div class="note-head">
      <label for=${id}>${t('note.label')}</label>
      <span class=${`note-state ${state ?? ''}`} role="status">${state && t(`note.${state}`)}</span>
    </div>
    <textarea id=${id} rows="2" maxlength="10000" placeholder=${t('note.placeholder')}
      value=${drafts.value[card.id] ?? card.note} onInput=${typed} onBlur=${() => flush(card.id)}></textarea>
  </div>`;
}
