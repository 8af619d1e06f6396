// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { CopyButton } from '../ui/copy.js';
import { isNamed, isNumber, number, who } from './who.js';

/** Who it is: the name large, or the number and "New client". @param {{card: import('../core/types.js').Card}} props */
export function Client({ card }) {
  const isKnown = isNamed(card.contact);
  const company = card.company || card.contact?.company || '';
  return html`<div class="client">
    <div class="client-line">
      <h2 class=${isKnown ? 'client-name' : 'client-name figures'} dir="auto">${who(card)}</h2>
      ${!isKnown && isNumber(card.phone) && html`<${CopyButton} text=${card.phone} label=${t('card.copy')} />`}
      ${card.contact === null && html`<span class="badge new">${t('card.new_client')}</span>`}
    </div>
    ${isKnown && html`<p class="client-number">
      <span class="figures">${number(card.phone)}</span>
      ${isNumber(card.phone) && html`<${CopyButton} text=${card.phone} label=${t('card.copy')} />`}
      ${company && company !== who(card) && html`<span class="company" dir="auto">${company}</span>`}
    </p>`}
    ${card.tags.length > 0 && html`<ul class="tags">${card.tags.map((tag) => html`<li class="tag" dir="auto">${tag}</li>`)}</ul>`}
  </div>`;
}
