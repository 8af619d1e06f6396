// @ts-check
/** The live stream as a tab sees it: one a browser through the shared worker, one a tab where there is none. */
import { signal } from '../vendor/signals.mjs';
import { Refusal, whoAmI } from '../core/api.js';
import { Stream } from './stream.js';
import { tell } from './topics.js';

/** @typedef {import('../core/types.js').StreamState} StreamState */

/** @type {{value: StreamState}} */
export const streamState = signal('connecting');

/** @type {ReturnType<typeof alone>|null} */
let line = null;

/** Opens the stream for this tab: `topics` tells what it says. @param {boolean} all everybody's cards */
export function watch(all) {
  line ??= listen();
  line.watch(all);
}

/** Nobody is signed in any more: the other tabs hear of it too. */
export const end = () => line?.end();

function listen() {
  const line = throughWorker() ?? alone();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') line.doubt(20_000);
  });
  document.addEventListener('resume', () => line.doubt(0));
  // Offline may mean the internet, while the server stands beside us: a new attempt shows it.
  for (const change of ['online', 'offline']) addEventListener(change, () => line.doubt(0));
  addEventListener('pageshow', (event) => {
    if (event.persisted) line.doubt(0);
  });
  return line;
}

/** @param {StreamState} state */
function become(state) {
  streamState.value = state;
}

function throughWorker() {
  if (typeof SharedWorker === 'undefined') return null;
  const worker = new SharedWorker(new URL('./live-worker.js', import.meta.url), { type: 'module', name: 'ringcard-live' });
  /** @type {ReturnType<typeof alone>|null} */
  let instead = null;
  let all = false;
  worker.addEventListener('error', () => {
    instead ??= alone();
    instead.watch(all);
  });
  worker.port.onmessage = ({ data: message }) => {
    if (message.state) become(message.state);
    if (message.event) tell(message.event, message.data);
  };
  const say = (/** @type {object} */ message) => worker.port.postMessage(message);
  addEventListener('pagehide', () => say({ say: 'bye' }));
  return {
    watch(/** @type {boolean} */ watchAll) {
      all = watchAll;
      if (instead) instead.watch(all);
      else say({ say: 'watch', watchAll });
    },
    doubt(/** @type {number} */ quietMs) {
      if (instead) instead.doubt(quietMs);
      else say({ say: 'doubt', quietMs });
    },
    end() {
      if (instead) instead.end();
      else say({ say: 'signed-out' });
    },
  };
}

function alone() {
  const stream = new Stream({ hear: tell, become, signedIn });
  return {
    watch: (/** @type {boolean} */ all) => stream.watch(all ? '/api/live?watch=all' : '/api/live'),
    doubt: (/** @type {number} */ quietMs) => stream.doubt(quietMs),
    end: () => stream.end(),
  };
}

async function signedIn() {
  try {
    await whoAmI({ quiet: true });
    return true;
  } catch (refusal) {
    return !(refusal instanceof Refusal && refusal.status === 401);
  }
}
