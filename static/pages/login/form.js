// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Alone } from '../../ui/alone.js';
import { focus } from '../../ui/focus.js';
import { Password } from '../../ui/password.js';

/** Login and password, and a code when one is asked for. @param {{onDone: (me: import('../../core/types.js').Me) => void}} props */
export function LoginForm({ onDone }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const [isCodeAsked, setCodeAsked] = useState(false);
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setError('');
    try {
      onDone(await api.signIn(String(fields.get('login')).trim(), String(fields.get('password')), isCodeAsked ? String(fields.get('code')) : undefined));
    } catch (refusal) {
      if (refusal instanceof api.Refusal && refusal.code === 'second_factor_needed') setCodeAsked(true);
      else setError(sentence(refusal));
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
        ${isCodeAsked && html`<div class="field"><label for="code">${t('login.code')}</label>
          <input id="code" name="code" ref=${focus} autocomplete="one-time-code" autocapitalize="none" spellcheck=${false} required maxlength="100" aria-describedby="code-more" />
          <p class="hint" id="code-more">${t('login.code_more')}</p></div>`}
        <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
        <button class="button primary wide" disabled=${busy}>${busy ? t('login.wait') : t('login.submit')}</button>
      </div>
    </form>
  <//>`;
}

/** @param {unknown} refusal */
function sentence(refusal) {
  if (refusal instanceof api.Refusal && refusal.status === 401) return t(refusal.code === 'wrong_code' ? 'error.wrong_code' : 'login.wrong');
  return explain(refusal);
}
