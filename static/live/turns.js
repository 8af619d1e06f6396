// @ts-check
/**
 * One tab of the browser at a time, without Web Locks (plain http has none): a tab asks the others over a channel and
 * goes ahead when none objects. A tab that crashed does not answer, so its turn is free at the next asking.
 */

const WAIT_MS = 150;
const here = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;

/** @type {Set<string>} */
const mine = new Set();
/** What we are asking for, and whether we may. @type {Map<string, boolean>} */
const asking = new Map();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('ringcard.turns');

if (channel) channel.onmessage = ({ data }) => answer(data);

/** @param {{ask?: string, no?: string, from: string, to?: string, unseen?: boolean}} message */
function answer(message) {
  if (message.no && message.to === here && asking.has(message.no)) asking.set(message.no, false);
  if (!message.ask) return;
  const seen = message.unseen && document.visibilityState === 'visible';
  const first = asking.has(message.ask) && asking.get(message.ask) && here < message.from;
  if (mine.has(message.ask) || seen || first) channel?.postMessage({ no: message.ask, from: here, to: message.from });
}

/**
 * Whether this tab may; it then keeps the turn until it gives it back or ends.
 * @param {string} name
 * @param {{unseen?: boolean}} [options] unseen: only while no tab is visible
 * @returns {Promise<boolean>}
 */
export async function takeTurn(name, { unseen = false } = {}) {
  if (unseen && document.visibilityState === 'visible') return false;
  if (mine.has(name) || !channel) return true;
  if (asking.has(name)) return false;
  asking.set(name, true);
  channel.postMessage({ ask: name, from: here, unseen });
  await new Promise((go) => setTimeout(go, WAIT_MS));
  const granted = asking.get(name) === true;
  asking.delete(name);
  if (granted) mine.add(name);
  return granted;
}

/** @param {string} name */
export function giveBack(name) {
  mine.delete(name);
}
