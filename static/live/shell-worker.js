// @ts-check
/**
 * A service worker with one page: what is shown while the server cannot be reached. Every page is asked for over the network
 * first, nothing of the API goes through here, and of the other files it keeps only those of this page. Served as `/worker.js`,
 * with the hash of all files in its paths: each version brings its own and throws the one before away.
 */
const worker = /** @type {any} */ (globalThis);
const PAGE = '/static/pages/offline/index.html';
const FILES = [PAGE, '/static/pages/offline/main.js', '/static/core/boot.js', '/static/css/base.css', '/static/css/login.css', '/static/icon.svg'];
/** This version's: its name carries the hash. */
const SHELL = `ringcard ${PAGE}`;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keep()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(begin()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  if (event.request.mode === 'navigate' && event.request.method === 'GET') event.respondWith(pageOf(event));
  else if (FILES.includes(new URL(event.request.url).pathname)) event.respondWith(kept(event.request));
});
worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(show());
});

async function keep() {
  await (await caches.open(SHELL)).addAll(FILES);
  await worker.skipWaiting();
}

async function begin() {
  const others = (await caches.keys()).filter((name) => name.startsWith('ringcard ') && name !== SHELL);
  await Promise.all(others.map((name) => caches.delete(name)));
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

/** From the network, however slow it is; a proxy that finds no server behind it is no answer. @param {any} event */
async function pageOf(event) {
  try {
    const page = (await event.preloadResponse) ?? (await fetch(event.request));
    if (page.status !== 502 && page.status !== 504) return page;
    return (await caches.match(PAGE)) ?? page;
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

/** A file of the page: under its hash it never changes. @param {Request} request */
const kept = async (request) => (await caches.match(request)) ?? fetch(request);

/** Brings a page of ours to the front. */
async function show() {
  const [page] = await worker.clients.matchAll({ type: 'window' });
  await (page ? page.focus() : worker.clients.openWindow('/'));
}
