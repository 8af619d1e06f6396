// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { go, route } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { focus } from '../../../ui/focus.js';
import { say } from '../../../ui/toast.js';
import { Owners, useOwners } from './owners.js';

/** A new client; the number comes along from a search. */
export function NewContact() {
  const [typed, setTyped] = useState({ name: '', company: '', number: route.value.query.get('phone') ?? '', kind: 'client', isMine: true });
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const owners = useOwners(typed.number);
  const type = (/** @type {string} */ name) => (/** @type {any} */ event) => setTyped({ ...typed, [name]: event.currentTarget.value });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { name, company, number, kind, isMine } = typed;
      const phones = number.trim() ? [{ number, label: '' }] : [];
      const made = await api.createContact({ name, company, phones, kind, responsible: isMine ? me.value?.id ?? null : null });
      go(`/contacts/${encodeURIComponent(made.id)}`);
      say({ text: t('contact.saved', { name: made.name || made.company || number }) });
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  const escape = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && go('/contacts');
  return html`<div class="view"><p><a href="/contacts">${t('contacts.back')}</a></p><h1>${t('contacts.new')}</h1>
    <section class="panel"><form class="new-contact" onSubmit=${save} onKeyDown=${escape}>
      <div class="field"><label for="new-name">${t('contact.name')}</label><input id="new-name" ref=${focus} maxlength="200" autocomplete="off" value=${typed.name} onInput=${type('name')} /></div>
      <div class="field"><label for="new-company">${t('contact.company')}</label><input id="new-company" maxlength="200" autocomplete="off" value=${typed.company} onInput=${type('company')} /></div>
      <div class="field"><label for="new-number">${t('contacts.phone')}</label><input id="new-number" type="tel" maxlength="100" autocomplete="off" value=${typed.number} onInput=${type('number')} />
        <${Owners} owners=${owners} /></div>
      <div class="field"><label for="new-kind">${t('contact.kind')}</label><select id="new-kind" value=${typed.kind} onChange=${type('kind')}>
        <option value="client">${t('contact.kind.client')}</option><option value="lead">${t('contact.kind.lead')}</option></select></div>
      <label class="check"><input type="checkbox" checked=${typed.isMine} onChange=${(/** @type {any} */ event) => setTyped({ ...typed, isMine: event.currentTarget.checked })} />${t('contact.mine')}</label>
      ${error && html`<p class="error" role="alert">${error}</p>`}
      <div class="buttons"><button class="button primary" disabled=${isBusy}>${t('contact.save')}</button><a class="button" href="/contacts">${t('contact.cancel')}</a></div>
    </form></section></div>`;
}
