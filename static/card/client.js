// @ts-check
import { useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { CopyButton } from '../ui/copy.js';
import { focus } from '../ui/focus.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { amend, touch } from './cards.js';
import { Alert, Vip } from './alert.js';
import { isNamed, isNumber, number, who } from './who.js';

/** @typedef {import('../core/types.js').Card} Card */

/** As many tags as fit into one row. */
const TAGS = 3;

/** Who it is: the name large, or the number and "New client". A contact's name is edited in place. @param {{card: Card}} props */
export function Client({ card }) {
  const [isEdited, setEdited] = useState(false);
  const isKnown = isNamed(card.contact);
  const company = card.company || card.contact?.company || '';
  const copy = isNumber(card.phone) && html`<${CopyButton} text=${card.phone} label=${t('card.copy')} />`;
  return html`<div class="client">
    <${Alert} text=${card.alert} />
    ${isEdited ? html`<${NameForm} card=${card} onDone=${() => setEdited(false)} />` : html`<div class="client-line">
      <h2 class=${isKnown ? 'client-name' : 'client-name figures'} dir="auto">${who(card)}</h2>
      ${card.vip && html`<${Vip} />`}
      ${!isKnown && copy}
      ${card.contact && html`<button type="button" class="icon-button small" onClick=${() => setEdited(true)} aria-label=${t(isKnown ? 'client.rename' : 'client.name')} title=${t(isKnown ? 'client.rename' : 'client.name')}><${Icon} name="pencil" /></button>`}
      ${!isKnown && html`<span class="badge new">${t('card.new_client')}</span>`}
    </div>`}
    ${(isKnown || isEdited) && html`<p class="client-number"><span class="figures">${number(card.phone, card.phone_formatted)}</span>${copy}</p>`}
    ${company && company !== who(card) && html`<p class="company" dir="auto" title=${company}>${company}</p>`}
    <${Tags} tags=${card.tags} />
  </div>`;
}

/** One row of tags, the further ones behind "+5". @param {{tags: string[]}} props */
function Tags({ tags }) {
  const [all, setAll] = useState(false);
  if (tags.length === 0) return null;
  const rest = all ? 0 : tags.length - TAGS;
  return html`<ul class=${`tags ${all ? 'all' : ''}`}>
    ${(all ? tags : tags.slice(0, TAGS)).map((tag) => html`<li class="tag" dir="auto" title=${tag}>${tag}</li>`)}
    ${rest > 0 && html`<li><button type="button" class="tag" onClick=${() => setAll(true)} aria-label=${t('client.tags', { n: rest })} title=${tags.slice(TAGS).join(', ')}>+${rest}</button></li>`}
  </ul>`;
}

/** @param {{card: Card, onDone: () => void}} props */
function NameForm({ card, onDone }) {
  const save = async (/** @type {any} */ event) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    const { contact } = card;
    if (!contact || !name) return;
    touch(card.id);
    const done = await attempt(async () => {
      // Nobody answers for a client who was not shown to answer for him.
      await api.changeContact(contact.id, { name, responsible: card.responsible?.id ?? null });
      amend(card.id, { contact: { ...contact, name } });
    });
    if (done) onDone();
  };
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onDone();
  };
  return html`<form class="name-form" onSubmit=${save} onKeyDown=${escape}>
    <input name="name" ref=${focus} required maxlength="200" autocomplete="off" aria-label=${t('contact.name')} placeholder=${t('contact.name')} value=${card.contact?.name ?? ''} />
    <button class="button primary">${t('client.save')}</button>
  </form>`;
}
