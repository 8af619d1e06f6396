// @ts-check
/** The live stream as a tab sees it: one a browser through the shared worker, one a tab where there is none. */
import { signal } from '../vendor/signals.mjs';
import { Refusal, whoAmI } from '../core/api.js';
import { Stream } from './stream.js';

/** @typedef {import('../core/types.js').StreamState} StreamState */

/** @type {{value: StreamState}} */
export const streamState = signal('connecting');

/**
 * Opens the stream for this tab.
 * @param {(event: string, data: any) => void} hear
 */
export function listen(hear) {
  const line = throughWorker(hear) ?? alone(hear);
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

/** @param {(event: string, data: any) => void} hear */
function throughWorker(hear) {
  if (typeof SharedWorker === 'undefined') return null;
  const worker = new SharedWorker(new URL('./live-worker.js', import.meta.url), { type: 'module', name: 'ringcard-live' });
  /** @type {ReturnType<typeof alone>|null} */
  let instead = null;
  let all = false;
  worker.addEventListener('error', () => {
    instead ??= alone(hear);
    instead.watch(all);
  });
  worker.port.onmessage = ({ data: message }) => {
    if (message.state) become(message.state);
    if (message.event) hear(message.event, message.data);
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
    /** Tells the other tabs that nobody is signed in any more. */
    end() {
      if (instead) instead.end();
      else say({ say: 'signed-out' });
    },
  };
}

/** @param {(event: string, data: any) => void} hear */
function alone(hear) {
  const stream = new Stream({ hear, become, signedIn });
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
