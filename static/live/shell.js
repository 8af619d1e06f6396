// @ts-check
/** The page that this browser keeps for when the server cannot be reached, and the way to be rid of it. */
import { effect } from '../vendor/signals.mjs';
import { offlinePage } from '../core/prefs.js';

/** Whether this browser can keep one: not over plain http, but on this machine itself. */
export const canKeep = () => globalThis.isSecureContext && 'serviceWorker' in navigator;

/** From now on it is kept, or gone, as this browser's settings say. */
export function followShell() {
  if (!canKeep()) return;
  effect(() => void (offlinePage.value ? keep() : forget()).catch(() => {})); // storage is forbidden, or the server is away: the next page tries again
}

const keep = () => navigator.serviceWorker.register('/worker.js', { scope: '/', updateViaCache: 'none' });

async function forget() {
  const all = await navigator.serviceWorker.getRegistrations();
  await Promise.all(all.map((registration) => registration.unregister()));
  const names = (await caches.keys()).filter((name) => name.startsWith('ringcard '));
  await Promise.all(names.map((name) => caches.delete(name)));
}
