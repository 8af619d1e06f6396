// @ts-check
/** What every page with cards begins with: who is here, the stream, the cards, the lists, and what makes a person look. */
import { effect } from '../vendor/signals.mjs';
import { watchAll } from '../core/prefs.js';
import { enter, goToLogin, me } from '../core/session.js';
import { now } from '../core/ticks.js';
import { streamState, watch } from '../live/live.js';
import { followShell } from '../live/shell.js';
import { attempt } from '../ui/toast.js';
import { watchAttention } from './attention.js';
import * as cards from './cards.js';
import * as due from './due.js';
import * as lists from './lists.js';
import { loadSettings } from './settings.js';

/** @returns {Promise<boolean>} false: nobody is signed in, and the page is being left */
export async function begin() {
  if (!(await enter())) return false;
  if (me.value?.role === 'operator') watchAll.value = false;
  attempt(loadSettings);
  followShell();
  cards.followStream();
  lists.followStream();
  due.followStream();
  effect(() => watch(watchAll.value));
  effect(() => {
    if (streamState.value === 'signed-out') goToLogin();
  });
  now.subscribe(cards.foldAway);
  watchAttention();
  return true;
}
