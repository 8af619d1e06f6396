// @ts-check
/** /setup: the printed link → the first admin → the PBX → the first live card. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { recognise } from '../../core/session.js';
import { start } from '../../core/start.js';
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

const token = takeToken();
const forget = () => sessionStorage.removeItem(KEPT);

start({
  title: () => t('title.setup'),
  prepare: () => recognise().then(() => true),
  show: () => html`<${SetupPage} token=${token} onUsed=${forget} />`,
});
