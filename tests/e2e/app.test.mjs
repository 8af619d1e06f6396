/** ringcard as an app: its manifest and badge, the page for when the server is away, and the ways to be rid of that. */
import assert from 'node:assert/strict';
import { createServer, request as ask } from 'node:http';
import { after, before, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { HOST, Office, until } from './support/office.mjs';

let browser;
let office;
/** Elsewhere browsers have no service workers over plain http. */
const isSecure = HOST === '127.0.0.1';
const inSecure = { skip: !isSecure && 'no secure context' };

before(async () => {
  browser = await launch();
  office = await Office.open();
});

after(async () => {
  await browser?.close();
  await office?.close();
});

const caches = (page) => page.evaluate(async () => {
  const kept = [];
  for (const name of await globalThis.caches.keys()) kept.push(...(await (await globalThis.caches.open(name)).keys()).map(({ url }) => new URL(url).pathname));
  return kept;
});
const isHeld = (page) => until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), 'a worker holds the page');
const isFree = (page) => until(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length === 0 && (await globalThis.caches.keys()).length === 0), 'no worker is left, and nothing of what it kept');

/** The same server as it would be after an update: every hash of the pages is another one. */
async function updating() {
  let version = '';
  const hash = /\/static\/([\w-]{16})\//.exec(await (await fetch(`${office.origin}/login`)).text())[1];
  const proxy = createServer((incoming, answer) => {
    const path = version ? incoming.url.replaceAll(`/static/${version}/`, `/static/${hash}/`) : incoming.url;
    const { 'accept-encoding': _, 'if-none-match': __, ...headers } = incoming.headers;
    incoming.pipe(ask(`${office.origin}${path}`, { method: incoming.method, headers }, (inner) => {
      const { etag, 'content-length': length, ...kept } = inner.headers;
      answer.writeHead(inner.statusCode, kept);
      if (!version || !/html|javascript/.test(inner.headers['content-type'] ?? '')) return inner.pipe(answer);
      const parts = [];
      inner.on('data', (part) => parts.push(part));
      inner.on('end', () => answer.end(Buffer.concat(parts).toString().replaceAll(hash, version)));
    }).on('error', () => answer.destroy()));
  });
  await new Promise((ready) => proxy.listen(0, '127.0.0.1', ready));
  return {
    address: `http://${HOST}:${proxy.address().port}`,
    hash,
    to: (next) => (version = next),
    close: () => (proxy.closeAllConnections(), proxy.close()),
  };
}

test('the manifest is whole: the browser would install it', async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/');
  const devtools = await anna.context.newCDPSession(anna.page);
  const { data, errors } = await devtools.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { icons, start_url: start } = JSON.parse(data);
  assert.equal(start, '/');
  const base = await anna.page.locator('link[rel="manifest"]').evaluate((link) => link.href);
  for (const { src, sizes } of icons) {
    const size = await anna.page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, new URL(src, base).href);
    assert.equal(size, sizes);
  }
  if (isSecure) {
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), []);
  }
  await anna.leave();
});

test('the badge is the number of those who wait, and goes with the connection', async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.context.addInitScript(() => {
    navigator.setAppBadge = async (count) => void (globalThis.badge = count);
  });
  await anna.signIn('anna', '/');
  const badge = (count) => until(() => anna.page.evaluate((wanted) => globalThis.badge === wanted, count), `the badge is ${count}`, 60_000);
  await badge(0);
  for (const number of ['79230000001', '79230000002']) {
    const call = await office.pbx.rings(number, 'anna');
    await office.pbx.history(call, 'anna', number, { status: 'missed', duration: '0' });
  }
  await badge(2);
  const { items } = await office.api('GET', 'missed');
  await office.api('PATCH', `missed/${items[0].id}`, { state: 'closed', reason: 'spam' });
  await badge(1);
  await anna.clear();
  await office.stop();
  await badge(0);
  await office.start();
  await badge(1);
  await anna.leave();
});

test('while the server is away its page says so in the reader\'s language, and gives way to what was asked for', inSecure, async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/');
  await isHeld(anna.page);
  await office.stop();
  await anna.page.goto(`${office.address}/contacts?q=цвет`);
  await anna.page.getByRole('heading', { name: 'Нет связи с сервером' }).waitFor();
  for (const colorScheme of ['light', 'dark']) {
    await anna.page.emulateMedia({ colorScheme });
    await isAccessible(anna.page, `the offline page, ${colorScheme}`);
    for (const width of [1440, 390]) {
      await anna.page.setViewportSize({ width, height: 844 });
      if (process.env.SHOTS) await anna.page.screenshot({ path: `${process.env.SHOTS}/offline-${colorScheme}-${width}.png` });
    }
  }
  await office.start();
  await anna.page.getByRole('heading', { level: 1, name: 'Контакты' }).waitFor({ timeout: 30_000 });
  assert.equal(await anna.page.evaluate(() => decodeURIComponent(location.search)), '?q=цвет');
  await anna.leave();
});

test('what is kept is that page alone: nothing of the API, nothing of the workplace', inSecure, async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/contacts');
  await isHeld(anna.page);
  await anna.page.reload();
  await anna.isLive();
  const kept = await caches(anna.page);
  assert.deepEqual(kept.map((path) => path.replace(/^\/static\/[\w-]+\//, '')).sort(), ['core/boot.js', 'css/base.css', 'css/login.css', 'icon.svg', 'pages/offline/index.html', 'pages/offline/main.js']);
  await anna.leave();
});

test('a new version shows at the first reload, and throws away what the old one kept', inSecure, async () => {
  const proxy = await updating();
  const anna = await Person.at(browser, proxy.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/');
  await isHeld(anna.page);
  assert.ok((await caches(anna.page)).every((path) => path.startsWith(`/static/${proxy.hash}/`)));
  proxy.to('ANOTHER-VERSION1');
  await anna.page.reload();
  await anna.isLive();
  assert.match(await anna.page.locator('script[type="module"]').first().getAttribute('src'), /ANOTHER-VERSION1/);
  await until(async () => {
    const kept = await caches(anna.page);
    return kept.length === 6 && kept.every((path) => path.startsWith('/static/ANOTHER-VERSION1/'));
  }, 'the new version alone is kept');
  await anna.leave();
  proxy.close();
});

test('a switch in the settings throws it away, and brings it back', inSecure, async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/settings/browser');
  await isHeld(anna.page);
  const offline = anna.page.getByRole('switch', { name: 'Страница на случай обрыва связи' });
  await offline.press('Space');
  await isFree(anna.page);
  await anna.page.reload();
  await anna.isLive();
  await isFree(anna.page);
  assert.equal(await offline.isChecked(), false);
  await offline.press('Space');
  await until(async () => (await caches(anna.page)).length === 6, 'it is kept again');
  await anna.leave();
});

test('the owner takes it back from every browser', inSecure, async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/');
  await isHeld(anna.page);
  await office.stop();
  process.env.RINGCARD_OFFLINE_PAGE = 'off';
  await office.start();
  delete process.env.RINGCARD_OFFLINE_PAGE;
  await anna.page.goto(`${office.address}/contacts`);
  await anna.isLive();
  await isFree(anna.page);
  await office.stop();
  await assert.rejects(anna.page.goto(`${office.address}/contacts`), /ERR_CONNECTION_REFUSED/);
  await office.start();
  await anna.leave();
});

test('where pages may make no notification themselves, as on phones, the worker makes it', inSecure, async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.context.grantPermissions(['notifications'], { origin: office.address });
  await anna.context.addInitScript(() => {
    localStorage.setItem('ringcard.notifications', 'true');
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    globalThis.Notification = class {
      static permission = 'granted';

      constructor() {
        throw new TypeError('Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.');
      }
    };
  });
  await anna.signIn('anna', '/');
  await isHeld(anna.page);
  const standing = () => anna.page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title }) => title));
  const number = '79230000009';
  const call = await office.pbx.rings(number, 'anna');
  await until(async () => (await standing()).join() === '+7 923 000-00-09', 'one notification');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await until(async () => (await standing()).length === 0, 'it is closed');
  await office.pbx.history(call, 'anna', number);
  await anna.leave();
});

test('the cards open in a window of their own', async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/');
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('отдельном окне');
  const [opened] = await Promise.all([anna.context.waitForEvent('page'), anna.page.keyboard.press('Enter')]);
  await anna.isLive(opened);
  assert.equal(new URL(opened.url()).pathname, '/card');
  assert.ok((await opened.evaluate(() => innerWidth)) <= 440);
  const call = await office.pbx.rings('79230000010', 'anna');
  await anna.card('+7 923 000-00-10', 'ringing', opened).waitFor();
  if (process.env.SHOTS) await opened.screenshot({ path: `${process.env.SHOTS}/window.png` });
  await office.pbx.history(call, 'anna', '79230000010');
  await anna.leave();
});

test('over plain http at an office name all else works, and the limits are said', { skip: isSecure && 'a secure context' }, async () => {
  const anna = await Person.at(browser, office.address, { serviceWorkers: 'allow' });
  await anna.signIn('anna', '/settings/browser');
  await anna.page.getByText('Работает только по https').waitFor();
  assert.equal(await anna.page.getByRole('switch', { name: 'Страница на случай обрыва связи' }).isDisabled(), true);
  await anna.leave();
});
