// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { Alert } from '../../../card/alert.js';
import { nameOf } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { bind } from '../../../core/keys.js';
import { go } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { on } from '../../../live/topics.js';
import { Icon } from '../../../ui/icon.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { attempt, say } from '../../../ui/toast.js';
import { Composer } from './composer.js';
import { Editable } from './editable.js';
import { Facts } from './facts.js';
import { remove } from './removal.js';
import { Timeline } from './timeline.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */

/** One contact: what is known, and what there was. @param {{id: string}} props */
export function ContactPage({ id }) {
  const [contact, setContact] = useState(/** @type {Contact|null} */ (null));
  const [refused, setRefused] = useState('');
  useEffect(() => {
    const read = () => api.contact(id).then((found) => {
      // It became part of another contact.
      if (found.id === id) setContact(found);
      else go(`/contacts/${encodeURIComponent(found.id)}`, { replace: true });
    }, (refusal) => {
      setRefused(explain(refusal));
      if (refusal.status === 404) setContact(null);
    });
    read();
    const ways = [on('snapshot', read), on('contact', (changed) => (changed.id === id || changed.id === null) && read()), bindKeys()];
    return () => ways.forEach((stop) => stop());
  }, []);
  const back = html`<p><a href="/contacts">${t('contacts.back')}</a></p>`;
  if (refused && !contact) return html`<div class="view">${back}<p class="alert" role="alert">${refused}</p></div>`;
  if (!contact) return html`<div class="view">${back}<section class="panel"><${Skeleton} rows=${3} /></section></div>`;
  const save = (/** @type {object} */ change, /** @type {object} */ seen) => write(contact, change, seen, setContact);
  return html`<div class="view contact-view">${back}
    <${Head} contact=${contact} save=${save} />
    <div class="contact-columns">
      <section class="panel contact-facts" aria-label=${t('contacts.facts')}><${Facts} contact=${contact} save=${save} /></section>
      <section class="panel contact-past" aria-labelledby="past-title"><h2 id="past-title">${t('contacts.past')}</h2>
        <${Composer} contact=${contact} onSaved=${setContact} /><${Timeline} contact=${contact} /></section>
    </div></div>`;
}

const bindKeys = () => bind([
  { id: 'client.rename', keys: ['e'], words: 'client.rename', offered: true, run: () => document.getElementById('fact-name')?.click() },
  { id: 'contacts.write', keys: ['n'], words: 'contacts.write', offered: true, run: () => document.getElementById('composer')?.focus() },
]);

/** @param {{contact: Contact, save: import('./facts.js').Save}} props */
function Head({ contact, save }) {
  const shown = nameOf(contact) || formatPhone(contact.phones[0]?.number ?? '') || t('card.new_client');
  const erase = () => {
    remove(contact.id, shown);
    go('/contacts');
  };
  return html`<header class="contact-head">
    <div class="view-head"><${Editable} id="fact-name" label=${t('contact.name')} value=${contact.name} most=${200} face=${html`<h1 dir="auto">${shown}</h1>`}
        onSave=${(/** @type {string} */ name, /** @type {string} */ seen) => save({ name }, { name: seen })} />
      <div class="buttons"><button type="button" class="chip" aria-pressed=${contact.vip} onClick=${() => save({ vip: !contact.vip }, { vip: contact.vip }).catch(() => {})}><${Icon} name="star" />${t('client.vip')}</button>
        ${me.value?.role !== 'operator' && html`<a class="button small" href=${`/contacts/merge?mine=${encodeURIComponent(contact.id)}`}><${Icon} name="users" />${t('contacts.merge')}</a>
          <button type="button" class="button small" onClick=${erase}><${Icon} name="delete" />${t('contacts.remove')}</button>`}</div></div>
    <${Alert} text=${contact.alert} />
  </header>`;
}

/** A field as a request says it. @param {Contact} contact @param {string} field */
const asked = (contact, field) => (field === 'responsible' ? contact.responsible?.id ?? null : contact[/** @type {keyof Contact} */ (field)]);

/**
 * Writes a change, and offers to take it back; what was refused is said, and thrown.
 * @param {Contact} contact @param {Record<string, any>} change @param {Record<string, any>} seen @param {(contact: Contact) => void} onContact
 */
async function write(contact, change, seen, onContact) {
  try {
    const after = await api.changeContact(contact.id, { ...change, seen });
    onContact(after);
    const kept = Object.fromEntries(Object.keys(change).map((field) => [field, asked(after, field)]));
    const undo = () => attempt(async () => onContact(await api.changeContact(contact.id, { ...seen, seen: kept })));
    say({ text: t('contacts.saved'), label: t('contacts.undo'), undo });
  } catch (refusal) {
    if (refusal instanceof api.Refusal && refusal.code === 'contact_changed') onContact(refusal.problem.contact);
    else say({ text: explain(refusal), bad: true });
    throw refusal;
  }
}
