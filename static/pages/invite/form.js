// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Alone } from '../../ui/alone.js';
import { Password } from '../../ui/password.js';

/** A first password. The login is shown to be remembered, by the browser too. @param {{token: string, login: string, onDone: () => void}} props */
export function InviteForm({ token, login, onDone }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    setBusy(true);
    setError('');
    try {
      await api.acceptInvite(token, password);
      onDone();
    } catch (refusal) {
      // The password is set; the code is asked for at the sign-in.
      if (refusal instanceof api.Refusal && refusal.code === 'second_factor_needed') return location.replace('/login');
      setError(explain(refusal));
      setBusy(false);
    }
  };
  if (!token) return html`<${Alone}><div class="panel"><h1>${t('invite.title')}</h1><p>${t('invite.no_token')}</p></div><//>`;
  return html`<${Alone}>
    <form class="panel" onSubmit=${submit}>
      <div><h1>${t('invite.title')}</h1><p class="hint">${t('invite.more')}</p></div>
      <div class="form">
        <div class="field"><label for="login">${t('login.login')}</label>
          <input id="login" name="login" readonly value=${login} autocomplete="username" /></div>
        <${Password} id="password" name="password" label=${t('setup.password')} more=${t('setup.password.more')} autocomplete="new-password" minlength=${8} />
        <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
        <button class="button primary wide" disabled=${busy}>${busy ? t('login.wait') : t('invite.submit')}</button>
      </div>
    </form>
  <//>`;
}
