// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { explain } from '../core/errors.js';
import { formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';

/** @typedef {import('../core/types.js').Contact} Contact */

/** Everything that is known of the client. @param {{id: string}} props */
export function Details({ id }) {
  const [contact, setContact] = useState(/** @type {Contact|null} */ (null));
  const [error, setError] = useState('');
  useEffect(() => {
    let current = true;
    api.contact(id).then(
      (found) => current && setContact(found),
      (refusal) => current && setError(explain(refusal)),
    );
    return () => {
      current = false;
    };
  }, [id]);
  if (error) return html`<p class="error" role="alert">${error}</p>`;
  if (!contact) return html`<div class="details" aria-busy="true"><span class="skeleton"></span><span class="skeleton"></span></div>`;
  return html`<dl class="facts details">
    ${contact.phones.map((phone, index) => html`<div class="fact" key=${phone.number}>
      <dt>${index === 0 ? t('contact.phones') : ''}</dt><dd><span class="figures">${formatPhone(phone.number)}</span> ${phone.label && html`<span class="muted" dir="auto">${phone.label}</span>`}</dd></div>`)}
    <${Row} label="contact.email" value=${contact.email} />
    <${Row} label="contact.company" value=${contact.company} />
    <${Row} label="contact.kind" value=${t(`contact.kind.${contact.kind}`)} />
    <${Row} label="card.responsible" value=${contact.responsible?.name ?? ''} />
    <${Row} label="contact.tags" value=${contact.tags.join(', ')} />
    <${Row} label="contact.note" value=${contact.note} />
  </dl>`;
}

/** @param {{label: string, value: string}} props */
function Row({ label, value }) {
  return html`<div class="fact"><dt>${t(label)}</dt>
    <dd dir="auto" class="pre">${value || html`<span class="muted">${t('contact.empty')}</span>`}</dd></div>`;
}
