// @ts-check
/** /card: the call card alone, for a small window, and what an operator needs between calls. */
import { effect } from '../../vendor/signals.mjs';
import { title, watchAttention } from '../../card/attention.js';
import * as cards from '../../card/cards.js';
import { loadSettings } from '../../card/settings.js';
import { html } from '../../core/html.js';
import { watchAll } from '../../core/prefs.js';
import { enter, goToLogin, me } from '../../core/session.js';
import { start } from '../../core/start.js';
import { now } from '../../core/ticks.js';
import { streamState, watch } from '../../live/live.js';
import { attempt } from '../../ui/toast.js';
import * as lists from './lists.js';
import { CardPage } from './page.js';

async function prepare() {
  const asked = new URLSearchParams(location.search).get('watch');
  if (asked !== null) watchAll.value = asked === 'all';
  if (!(await enter())) return false;
  if (me.value?.role === 'operator') watchAll.value = false;
  attempt(loadSettings);
  cards.followStream();
  lists.followStream();
  effect(() => watch(watchAll.value));
  effect(() => {
    if (streamState.value === 'signed-out') goToLogin();
  });
  now.subscribe(cards.foldAway);
  watchAttention();
  return true;
}

start({ title, prepare, show: () => html`<${CardPage} />` });
