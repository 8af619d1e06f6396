/**
 * What a browser bears: very many calls, cards that come and go all day, a large screen, large letters. The leak over hours:
 * `RINGCARD_LEAK_MINUTES=120 node --test --test-name-pattern leak measure.test.mjs`; more calls: `RINGCARD_MEASURE_CALLS=100000`.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { launch, Person } from './support/browser.mjs';
import { BINARY, Office, until } from './support/office.mjs';

const MINUTES = Number(process.env.RINGCARD_LEAK_MINUTES ?? 0);
const CALLS = Number(process.env.RINGCARD_MEASURE_CALLS ?? 3000);
const SECTIONS = { calls: 'Звонки', missed: 'Пропущенные', contacts: 'Контакты', settings: 'Настройки' };
let browser;
let office;
let anna;
let client = 9_510_000_000;
const newNumber = () => `7${++client}`;

before(async () => {
  browser = await launch();
  office = await Office.open();
  await promisify(execFile)(BINARY, ['fill', '--calls', String(CALLS), '--contacts', '300', '--data-dir', office.data]);
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
});

afterEach(() => anna.leave());

test('a history of thousands is scrolled by keys of its rows, with few of them in the page', async () => {
  const asked = [];
  anna.page.on('request', (request) => request.url().includes('/api/calls?') && asked.push(new URL(request.url()).searchParams));
  await anna.signIn('boss', '/calls');
  await anna.page.locator('.call-line').first().waitFor();
  const last = () => anna.page.evaluate(() => Math.max(...[...document.querySelectorAll('.call-line')].map((row) => Number(row.ariaPosInSet))));
  for (let pages = 1; pages <= 6; pages++) {
    const seen = await last();
    await until(async () => {
      await anna.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      return (await last()) > seen;
    }, 'further rows come', 30_000);
    const rows = await anna.page.locator('.call-line').count();
    assert.ok(rows <= 150, `${rows} rows in the page after ${await last()}`);
  }
  assert.ok((await last()) >= 150, `only ${await last()} rows were reached`);
  const further = asked.filter((query) => query.has('cursor'));
  assert.ok(further.length >= 2, 'pages follow by their cursor');
  assert.ok(asked.every((query) => !query.has('offset')), 'nothing is skipped over');
});

/** What the page holds after everything that nobody holds is gone. */
async function held(browserSide) {
  await browserSide.send('HeapProfiler.collectGarbage');
  const { usedSize } = await browserSide.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await browserSide.send('Memory.getDOMCounters');
  return { usedSize, nodes, jsEventListeners };
}

/** A PBX says it again when the line broke. @template T @param {() => Promise<T>} says @returns {Promise<T>} */
const twice = (says) => says().catch(says);

/** So many cards, ten at once: each rings here, and another one takes the call. */
async function comeAndGo(count) {
  for (let done = 0; done < count; done += 10) {
    const rung = [];
    for (let one = 0; one < 10; one++) {
      const number = newNumber();
      rung.push({ number, call: await twice(() => office.pbx.rings(number, 'anna')) });
    }
    await anna.card().first().waitFor();
    for (const { number, call } of rung) {
      await twice(() => office.pbx.event('ACCEPTED', call, 'dasha', number));
      await twice(() => office.pbx.history(call, 'dasha', number));
    }
  }
  await until(async () => (await anna.card().count()) === 0, 'all cards are gone', 30_000);
}

test('200 cards come and go, and nothing of them leaks', async () => {
  await anna.signIn('anna', '/settings/browser');
  const browserSide = await anna.context.newCDPSession(anna.page);
  await comeAndGo(30);
  const before = await held(browserSide);
  const end = Date.now() + MINUTES * 60_000;
  let cards = 0;
  do {
    await comeAndGo(200);
    cards += 200;
    const now = await held(browserSide);
    const grown = { kb: Math.round((now.usedSize - before.usedSize) / 1024), nodes: now.nodes - before.nodes, listeners: now.jsEventListeners - before.jsEventListeners };
    console.log(`after ${cards} cards: ${JSON.stringify(grown)}`);
    assert.ok(grown.kb < 1024 && grown.nodes < 300 && grown.listeners < 100, `after ${cards} cards: ${JSON.stringify(grown)}`);
  } while (Date.now() < end);
});

/** KiB over the wire, headers too; of the settings their first part. */
const MOST = { calls: 30, missed: 30, contacts: 30, settings: 40 };
/** KiB of whatever is opened first: until it can be used, and with what then comes for the calls to come. */
const FIRST = { missed: [130, 155], calls: [150, 175] };

/** What comes to the page of its own files, as long as it is open. */
function scales(page) {
  const weighed = { bytes: 0, files: 0 };
  page.on('requestfinished', async (request) => {
    if (!request.url().includes('/static/')) return;
    const { responseHeadersSize, responseBodySize } = await request.sizes();
    weighed.bytes += responseHeadersSize + responseBodySize;
    weighed.files += 1;
  });
  return { take: () => ({ ...weighed }) };
}

test('whatever is opened first weighs little, and each further section little beyond it', async () => {
  await anna.signIn('boss', '/settings/browser');
  const state = await anna.context.storageState();
  for (const first of ['missed', 'calls']) {
    const cold = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 }, storageState: state });
    const wire = scales(cold.page);
    const said = (what, { bytes, files }) => console.log(`${what}: ${bytes} bytes in ${files} files`);
    await cold.page.goto(`${office.address}/${first}`);
    await cold.page.locator('.view').getByRole('heading', { level: 1, name: SECTIONS[first] }).waitFor();
    await cold.isLive();
    const usable = wire.take();
    await cold.page.locator('.stack').waitFor({ state: 'attached' });
    await cold.page.waitForTimeout(1500);
    let before = wire.take();
    said(`/${first} can be used`, usable);
    said(`/${first} with all that comes`, before);
    const [most, mostOfAll] = FIRST[first];
    assert.ok(usable.bytes > 20_000 && usable.bytes <= most * 1024, `/${first}: ${usable.bytes} bytes before it can be used`);
    assert.ok(before.bytes <= mostOfAll * 1024, `/${first}: ${before.bytes} bytes`);
    for (const [section, words] of Object.entries(SECTIONS).filter(([section]) => section !== first)) {
      await cold.page.getByRole('navigation', { name: 'Разделы', exact: true }).getByRole('link', { name: words }).click();
      await cold.page.getByRole('heading', { level: 1, name: words }).waitFor();
      await cold.page.waitForTimeout(1000);
      const now = wire.take();
      const more = { bytes: now.bytes - before.bytes, files: now.files - before.files };
      before = now;
      said(`/${first}, then ${section}`, more);
      assert.ok(more.bytes > 0 && more.bytes <= MOST[section] * 1024, `${section}: ${more.bytes} bytes`);
    }
    await cold.leave();
  }
});

test('who wants no motion sees none while the phone rings', async () => {
  await anna.page.emulateMedia({ reducedMotion: 'reduce' });
  await anna.signIn('anna', '/calls');
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card('', 'ringing').waitFor();
  const moving = await anna.page.evaluate(() => document.getAnimations().filter(({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime > 20).map(({ animationName }) => animationName));
  assert.deepEqual(moving, []);
  await office.pbx.event('ACCEPTED', call, 'dasha', number);
  await office.pbx.history(call, 'dasha', number);
  await anna.clear();
});
