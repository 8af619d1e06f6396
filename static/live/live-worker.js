// @ts-check
/** The shared worker: holds the browser's one event stream and tells all its tabs. */
import { Refusal, whoAmI } from '../core/api.js';
import { Stream } from './stream.js';

/** @typedef {import('../core/types.js').Card} Card */
/** @typedef {{port: MessagePort, watchAll: boolean}} Tab */

/** @type {Set<Tab>} */
const tabs = new Set();
/** What is known now, for a tab that comes later. @type {Map<string, Card>} */
const cards = new Map();
let missedOpen = 0;
let known = false;

const stream = new Stream({ hear, become: tell, signedIn });

/** @param {string} event @param {any} data */
function hear(event, data) {
  if (event === 'snapshot') {
    known = true;
    cards.clear();
    for (const card of data.cards) cards.set(card.id, card);
    missedOpen = data.missed_open;
  } else if (event === 'missed') {
    missedOpen = data.open;
  } else if (event === 'card') {
    const before = cards.get(data.id);
    if (before && before.rev > data.rev) return;
    cards.set(data.id, data);
    forgetOld();
  }
  for (const tab of tabs) tab.port.postMessage({ event, data });
}

/** The map is a tab's first picture, not a history. */
function forgetOld() {
  for (const [id] of cards) {
    if (cards.size <= 50) return;
    cards.delete(id);
  }
}

function tell() {
  for (const tab of tabs) tab.port.postMessage({ state: stream.state });
}

async function signedIn() {
  try {
    await whoAmI({ quiet: true });
    return true;
  } catch (refusal) {
    return !(refusal instanceof Refusal && refusal.status === 401);
  }
}

function path() {
  return [...tabs].some((tab) => tab.watchAll) ? '/api/live?watch=all' : '/api/live';
}

/** @param {Tab} tab @param {{say: string, watchAll?: boolean, quietMs?: number}} message */
function obey(tab, message) {
  if (message.say === 'bye') {
    tabs.delete(tab);
    return;
  }
  const isNew = !tabs.has(tab);
  tabs.add(tab);
  if (message.say === 'watch') {
    tab.watchAll = message.watchAll === true;
    stream.watch(path());
  }
  if (message.say === 'doubt') stream.doubt(message.quietMs ?? 0);
  if (message.say === 'signed-out') stream.end();
  if (!isNew) return;
  if (stream.state === 'signed-out' && message.say !== 'signed-out') stream.open();
  tab.port.postMessage({ state: stream.state });
  if (known) tab.port.postMessage({ event: 'snapshot', data: { cards: [...cards.values()], missed_open: missedOpen } });
}

addEventListener('connect', (event) => {
  const port = /** @type {MessageEvent} */ (event).ports[0];
  if (!port) return;
  const tab = { port, watchAll: false };
  port.onmessage = (message) => obey(tab, message.data);
});
