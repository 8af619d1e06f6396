// @ts-check
/** /card: the call card alone, for a small window, and what an operator needs between calls. */
import { title } from '../../card/attention.js';
import { begin } from '../../card/begin.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import * as keys from '../../core/keys.js';
import { watchAll } from '../../core/prefs.js';
import { start } from '../../core/start.js';
import { bindSheetKey } from '../../ui/keys-sheet.js';
import { CardPage } from './page.js';

function prepare() {
  const asked = new URLSearchParams(location.search).get('watch');
  if (asked !== null) watchAll.value = asked === 'all';
  bindSheetKey();
  keys.follow();
  return begin();
}

start({ title: () => title(t('title.card')), prepare, show: () => html`<${CardPage} />` });
