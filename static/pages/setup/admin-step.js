// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { focus } from '../../ui/focus.js';
import { Password } from '../../ui/password.js';

/** The first admin, with the link's token. @param {{token: string, onDone: () => void}} props */
export function AdminStep({ token, onDone }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  if (!token) return html`<h1>${t('setup.title')}</h1><p>${t('setup.no_token')}</p>`;
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (/** @type {string} */ name) => String(fields.get(name));
    setBusy(true);
    setError('');
    try {
      await create({ token, login: text('login').trim(), name: text('name').trim(), password: text('password') });
      onDone();
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  return html`<div><h1>${t('setup.admin.title')}</h1><p class="hint">${t('setup.admin.more')}</p></div>
    <form class="form" onSubmit=${submit}>
      <div class="field"><label for="name">${t('setup.name')}</label>
        <input id="name" name="name" ref=${focus} autocomplete="name" required maxlength="200" /></div>
      <div class="field"><label for="login">${t('setup.login')}</label>
        <input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} required maxlength="200" /></div>
      <${Password} id="password" name="password" label=${t('setup.password')} more=${t('setup.password.more')} autocomplete="new-password" minlength=${8} />
      <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
      <button class="button primary wide" disabled=${busy}>${t('setup.create')}</button>
    </form>`;
}

/** @param {{token: string, login: string, name: string, password: string}} admin */
async function create(admin) {
  await api.setUp(admin);
  try {
    me.value = await api.whoAmI({ quiet: true });
  } catch {
    await api.signIn(admin.login, admin.password);
    me.value = await api.whoAmI({ quiet: true });
  }
}
