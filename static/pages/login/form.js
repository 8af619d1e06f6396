// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Alone } from '../../ui/alone.js';
import { focus } from '../../ui/focus.js';
import { Password } from '../../ui/password.js';

/** Login and password. @param {{onDone: () => void}} props */
export function LoginForm({ onDone }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setError('');
    try {
      await api.signIn(String(fields.get('login')).trim(), String(fields.get('password')));
      onDone();
    } catch (refusal) {
      setError(sentence(refusal));
      setBusy(false);
    }
  };
  return html`<${Alone}>
    <form class="panel" onSubmit=${submit}>
      <h1>${t('login.title')}</h1>
      <div class="form">
        <div class="field"><label for="login">${t('login.login')}</label>
          <input id="login" name="login" ref=${focus} autocomplete="username" autocapitalize="none" spellcheck=${false} required maxlength="200" /></div>
        <${Password} id="password" name="password" label=${t('login.password')} autocomplete="current-password" />
        <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
        <button class="button primary wide" disabled=${busy}>${busy ? t('login.wait') : t('login.submit')}</button>
      </div>
    </form>
  <//>`;
}

/** @param {unknown} refusal */
function sentence(refusal) {
  if (refusal instanceof api.Refusal && refusal.status === 401) return t('login.wrong');
  return explain(refusal);
}
