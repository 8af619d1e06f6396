// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { CallButton } from '../../../card/call-button.js';
import { CallList } from '../../../card/calls.js';
import { nameOf } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { list } from '../../../core/list.js';
import { on } from '../../../live/topics.js';
import { Skeleton } from '../../../ui/skeleton.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */
/** @typedef {import('../../../core/types.js').Call} Call */

/** One contact: what is known, and the calls. @param {{id: string}} props */
export function ContactPage({ id }) {
  const [contact, setContact] = useState(/** @type {Contact|null} */ (null));
  const [refused, setRefused] = useState('');
  const [past] = useState(() => list({
    size: 10,
    page: (limit, cursor) => api.callsOf(id, limit, cursor),
    one: api.call,
    at: (/** @type {Call & {rev?: number}} */ call) => call.started_at,
    belongs: (call) => call.contact?.id === id,
  }));
  useEffect(() => {
    const read = () => api.contact(id).then(setContact, (refusal) => setRefused(explain(refusal)));
    const again = () => {
      read();
      past.refresh();
    };
    again();
    const ways = [on('snapshot', again), on('call', past.refresh), on('contact', (changed) => (changed.id === id || changed.id === null) && again())];
    return () => ways.forEach((stop) => stop());
  }, []);
  const back = html`<p><a href="/contacts">${t('contacts.back')}</a></p>`;
  if (refused && !contact) return html`<div class="view">${back}<p class="alert" role="alert">${refused}</p></div>`;
  if (!contact) return html`<div class="view">${back}<section class="panel"><${Skeleton} rows=${3} /></section></div>`;
  return html`<div class="view">${back}
    <h1 dir="auto">${nameOf(contact) || t('card.new_client')}</h1>
    <section class="panel contact-facts" aria-label=${t('contacts.facts')}><${Facts} contact=${contact} /></section>
    <section class="panel" aria-labelledby="past-title"><h2 id="past-title">${t('calls.title')}</h2><${CallList} list=${past} /></section></div>`;
}

/** @param {{contact: Contact}} props */
function Facts({ contact }) {
  const facts = [
    ['contact.company', contact.company],
    ['contact.email', contact.email],
    ['card.responsible', contact.responsible?.name],
    ['contact.tags', contact.tags.join(', ')],
    ['contact.kind', t(`contact.kind.${contact.kind}`)],
    ['contact.note', contact.note],
  ];
  return html`<ul>${contact.phones.map(({ number, label }) => html`<li key=${number} class="contact-phone"><span class="figures">${formatPhone(number)}</span>
      ${label && html`<span class="muted" dir="auto">${label}</span>`}<${CallButton} phone=${number} label=${t('dial.call')} small /></li>`)}</ul>
    <dl class="facts">${facts.filter(([, value]) => value).map(([words, value]) => html`<div class="fact" key=${words}><dt>${t(words ?? '')}</dt><dd class="pre" dir="auto">${value}</dd></div>`)}</dl>`;
}
