// @ts-check
/** /login: in, and back to where the person wanted to be. */
import { render } from '../../vendor/preact.mjs';
import { effect } from '../../vendor/signals.mjs';
import * as api from '../../core/api.js';
import { html } from '../../core/html.js';
import { loadWords, t } from '../../core/i18n.js';
import { language } from '../../core/prefs.js';
import { safeNext } from '../../core/session.js';
import { LoginForm } from './form.js';

const next = safeNext(new URLSearchParams(location.search).get('next'));

async function start() {
  const already = api.whoAmI({ quiet: true }).then(() => location.replace(next), () => undefined);
  await loadWords();
  effect(() => {
    void language.value;
    loadWords();
  });
  effect(() => {
    document.title = t('title.login');
  });
  render(html`<${LoginForm} onDone=${() => location.replace(next)} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
  await already;
}

start();
