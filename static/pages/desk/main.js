// @ts-check
/** The workplace: one shell for every section; the address says which one is shown. */
import { title } from '../../card/attention.js';
import { begin } from '../../card/begin.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import * as keys from '../../core/keys.js';
import * as router from '../../core/router.js';
import { start } from '../../core/start.js';
import { Frame } from './frame.js';
import { bindFrameKeys } from './frame-keys.js';
import { viewAt } from './views.js';

async function prepare() {
  if (!(await begin())) return false;
  router.follow((path) => viewAt(path) !== null);
  bindFrameKeys();
  keys.follow();
  return true;
}

const words = () => viewAt(router.route.value.path)?.words;
start({ title: () => title(t('title.section', { section: t(words() ?? 'nav.calls') })), prepare, show: () => html`<${Frame} />` });
