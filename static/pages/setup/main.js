// @ts-check
/** /setup: the printed link → the first admin → the PBX → the people → the first live card. */
import * as api from '../../core/api.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me, recognise } from '../../core/session.js';
import { start } from '../../core/start.js';
import { forget, keep, kept } from './kept.js';
import { SetupPage } from './page.js';

/** The link's token leaves the address bar (and the history) at once. */
function takeToken() {
  const given = location.hash.replace(/^#(token=)?/, '');
  if (given) {
    history.replaceState(null, '', location.pathname);
    keep('token', decodeURIComponent(given));
  }
  return kept('token');
}

const token = takeToken();
/** @type {import('../../core/types.js').Integration|null} */
let connected = null;

/** Who is here, and the PBX that was connected before: there is never a second one. */
async function prepare() {
  await recognise();
  if (me.value?.role !== 'admin') return true;
  const { items } = await api.integrations();
  connected = items.find(({ kind }) => kind === 'cloud-pbx') ?? null;
  return true;
}

start({
  title: () => t('title.setup'),
  part: 'setup',
  prepare,
  show: () => html`<${SetupPage} token=${token} connected=${connected} onUsed=${() => forget('token')} />`,
});
