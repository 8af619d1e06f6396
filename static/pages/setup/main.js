// @ts-check
/** /setup: the printed link → the first admin → the PBX → the first live card. */
import { render } from '../../vendor/preact.mjs';
import { effect } from '../../vendor/signals.mjs';
import * as api from '../../core/api.js';
import { me } from '../../card/cards.js';
import { html } from '../../core/html.js';
import { loadWords, t } from '../../core/i18n.js';
import { language } from '../../core/prefs.js';
import { SetupPage } from './page.js';

const KEPT = 'ringcard.setup';

/** The link's token leaves the address bar (and the history) at once; a reload of this tab still knows it. */
function takeToken() {
  const given = location.hash.replace(/^#(token=)?/, '');
  if (given) {
    history.replaceState(null, '', location.pathname);
    sessionStorage.setItem(KEPT, decodeURIComponent(given));
  }
  return sessionStorage.getItem(KEPT) ?? '';
}

async function start() {
  const token = takeToken();
  await loadWords();
  effect(() => {
    void language.value;
    loadWords();
  });
  effect(() => {
    document.title = t('title.setup');
  });
  try {
    me.value = await api.whoAmI({ quiet: true });
  } catch {
    // nobody yet: that is what this page is for
  }
  const forget = () => sessionStorage.removeItem(KEPT);
  render(html`<${SetupPage} token=${token} onUsed=${forget} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
}

start();
