// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Editable } from './editable.js';
import { usePeople } from './filters.js';
import { Phones } from './phones.js';
import { Tags } from './tags.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */
/** @typedef {(change: Record<string, any>, seen: Record<string, any>) => Promise<void>} Save writes the change, unless another thing than `seen` stands there */

/** What is known of a client; everything is edited where it stands. @param {{contact: Contact, save: Save}} props */
export function Facts({ contact, save }) {
  const everybody = usePeople();
  const fact = (/** @type {string} */ words, /** @type {any} */ value) => html`<div class="fact"><dt>${t(words)}</dt><dd>${value}</dd></div>`;
  const text = (/** @type {'name'|'company'|'email'|'note'|'alert'} */ field, /** @type {number} */ most, /** @type {object} */ more = {}) => fact(`contact.${field}`, html`<${Editable}
    id=${`fact-${field}`} label=${t(`contact.${field}`)} value=${contact[field]} most=${most} ...${more}
    onSave=${(/** @type {string} */ value, /** @type {string} */ seen) => save({ [field]: value }, { [field]: seen })} />`);
  const choose = (/** @type {'kind'|'responsible'} */ field, /** @type {string|null} */ seen) => (/** @type {any} */ event) => {
    const select = event.currentTarget;
    save({ [field]: select.value || null }, { [field]: seen }).catch(() => (select.value = seen ?? ''));
  };
  const { responsible } = contact;
  const isListed = responsible === null || everybody.some(({ id }) => id === responsible.id);
  return html`<${Phones} contact=${contact} save=${save} />
    <dl class="facts">
      ${text('alert', 140, { placeholder: t('contact.alert.example') })}
      ${text('company', 200)}
      ${text('email', 254, { type: 'email' })}
      ${fact('contact.tags', html`<${Tags} contact=${contact} save=${save} />`)}
      ${fact('card.responsible', html`<select aria-label=${t('card.responsible')} value=${responsible?.id ?? ''} onChange=${choose('responsible', responsible?.id ?? null)}>
        <option value="">${t('contacts.nobody_responsible')}</option>
        ${!isListed && html`<option value=${responsible?.id}>${responsible?.name}</option>`}
        ${everybody.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}</select>`)}
      ${fact('contact.kind', html`<select aria-label=${t('contact.kind')} value=${contact.kind} onChange=${choose('kind', contact.kind)}>
        <option value="client">${t('contact.kind.client')}</option><option value="lead">${t('contact.kind.lead')}</option></select>`)}
      ${text('note', 10_000, { lines: true })}
    </dl>`;
}
