// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { Password } from '../../../ui/password.js';
import { say } from '../../../ui/toast.js';

await loadPart('security');
await loadPart('setup');

/** Another password of one's own, by the one that is valid. */
export function OwnPassword() {
  const [isOpen, setIsOpen] = useState(false);
  const [error, setError] = useState('');
  const change = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setError('');
    try {
      await api.changePassword({ current: String(fields.get('current')), password: String(fields.get('password')) });
      setIsOpen(false);
      say({ text: t('password.changed') });
    } catch (refusal) {
      setError(explain(refusal));
    }
  };
  return html`<section class="panel settings-form"><h2>${t('login.password')}</h2><p class="hint">${t('password.more')}</p>${isOpen
    ? html`<form class="form" onSubmit=${change}>
      <${Password} id="password-current" name="current" label=${t('password.current')} autocomplete="current-password" />
      <${Password} id="password-new" name="password" label=${t('people.new_password')} more=${t('setup.password.more')} autocomplete="new-password" minlength=${8} />
      <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
      <div class="buttons"><button class="button primary">${t('password.change')}</button><button type="button" class="button" onClick=${() => setIsOpen(false)}>${t('missed.cancel')}</button></div></form>`
    : html`<div class="buttons"><button type="button" class="button" onClick=${() => setIsOpen(true)}>${t('password.change')}</button></div>`}</section>`;
}
