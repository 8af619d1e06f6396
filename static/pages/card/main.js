// @ts-check
/** /card: the call card alone, for a small window, and what an operator needs between calls. */
import { render } from '../../vendor/preact.mjs';
import { effect } from '../../vendor/signals.mjs';
import { watchAttention } from '../../card/attention.js';
import { apply, foldAway, me, missedOpen, replaceAll } from '../../card/cards.js';
import { takeUp } from '../../card/drafts.js';
import { html } from '../../core/html.js';
import { loadWords, t } from '../../core/i18n.js';
import { listen, streamState } from '../../live/live.js';
import { language, theme, watchAll } from '../../core/prefs.js';
import { enter, goToLogin } from '../../core/session.js';
import { loadSettings } from '../../card/settings.js';
import { now } from '../../core/ticks.js';
import { attempt } from '../../ui/toast.js';
import { CardPage } from './page.js';
import { board, calls } from './lists.js';

/** @param {string} event @param {any} data */
function hear(event, data) {
  if (event === 'snapshot') {
    replaceAll(data);
    board.refresh();
    calls.refresh();
  } else if (event === 'card') {
    apply(data);
    calls.refresh();
  } else if (event === 'missed') {
    missedOpen.value = data.open;
    board.refresh();
  }
}

async function start() {
  effect(() => {
    void language.value;
    loadWords();
  });
  effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
  await loadWords();
  const asked = new URLSearchParams(location.search).get('watch');
  if (asked !== null) watchAll.value = asked === 'all';
  if (!(await enter())) return;
  if (me.value?.role === 'operator') watchAll.value = false;
  takeUp(me.value?.id ?? '');
  attempt(loadSettings);
  const line = listen(hear);
  effect(() => line.watch(watchAll.value));
  effect(() => {
    if (streamState.value === 'signed-out') goToLogin();
  });
  now.subscribe(foldAway);
  watchAttention(() => t('title.card'));
  render(html`<${CardPage} end=${line.end} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
}

start();
