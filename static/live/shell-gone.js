// @ts-check
/** What is served as `/worker.js` where the owner wants no offline page: it takes the place of the one before, and goes. */
const gone = /** @type {any} */ (globalThis);

gone.addEventListener('install', () => gone.skipWaiting());
gone.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(go()));

async function go() {
  await Promise.all((await caches.keys()).filter((name) => name.startsWith('ringcard ')).map((name) => caches.delete(name)));
  await gone.registration.unregister();
}
