/** Recordings in the history: played, gone on with, and why one is not there. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

let browser;
let office;
let anna;
let files;
/** Paths that the PBX has not written yet. */
const missing = new Set();
let client = 9_410_000_000;

/** A tone of so many seconds: 8 kHz, 8 bits, one channel. */
function wav(seconds) {
  const samples = Buffer.alloc(8000 * seconds);
  for (let at = 0; at < samples.length; at += 1) samples[at] = 128 + Math.round(40 * Math.sin((at / 8000) * 440 * 2 * Math.PI));
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** A talk whose recording of so many seconds is where the PBX says. */
async function talk(user, seconds, more = '') {
  const callid = `talk-${++client}`;
  const link = `http://127.0.0.1:${files.address().port}/${seconds}${more}`;
  await office.pbx.history(callid, user, `7${client}`, { duration: String(seconds), link, start: new Date().toISOString().replace(/[-:]|\.\d+/g, '') });
  return async () => (await office.api('GET', `calls?callid=${callid}`)).items[0];
}

const isReady = (call) => until(async () => (await call()).recording.state === 'ready', 'the recording is there');

before(async () => {
  files = createServer((request, response) => {
    if (missing.has(request.url)) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'audio/wav' }).end(wav(Number(/\d+/.exec(request.url)[0])));
  });
  await new Promise((ready) => files.listen(0, '127.0.0.1', ready));
  browser = await launch();
  office = await Office.open();
});

after(async () => {
  await browser?.close();
  await office?.close();
  files?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
});

afterEach(() => anna?.context.close());

test('a recording is played below the list, by buttons and keys, and is heard', async () => {
  const call = await talk('anna', 60);
  await isReady(call);
  const { id } = await call();
  await anna.signIn('anna', `/calls?call=${id}`);
  const { page } = anna;
  await page.locator('.recording').getByText('Запись ещё никто не слушал.').waitFor();
  await page.getByRole('button', { name: /^Слушать/ }).first().click();
  const player = page.getByRole('region', { name: 'Запись разговора' });
  const place = player.getByRole('slider');
  await until(async () => Number(await place.inputValue()) > 0.2, 'it is played');
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.keyboard.press('ArrowRight');
  await until(async () => Number(await place.inputValue()) > 10, 'ten seconds on');
  await page.keyboard.press('ArrowLeft');
  await until(async () => Number(await place.inputValue()) < 10, 'ten seconds back');
  await page.keyboard.press('Space');
  await player.getByRole('button', { name: 'Слушать или остановить' }).waitFor();
  await player.getByLabel('Скорость').selectOption('1.5');
  await isAccessible(page);
  assert.deepEqual((await call()).recording.heard_by.map(({ login }) => login), ['anna']);
  await page.reload();
  await page.locator('.recording, .call-line').first().waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('ringcard.speed')), '1.5');
});

test('after one recording the next of the list is played', async () => {
  const calls = [await talk('anna', 2), await talk('anna', 3)];
  await Promise.all(calls.map(isReady));
  const [older, newer] = await Promise.all(calls.map((call) => call()));
  await anna.signIn('anna', `/calls?call=${newer.id}`);
  const { page } = anna;
  await page.getByRole('button', { name: /^Слушать/ }).first().click();
  await page.getByLabel('Подряд').check();
  await until(async () => page.url().includes(older.id), 'the drawer goes along');
  await until(async () => (await calls[0]()).recording.heard_by.length === 1, 'the older one is heard');
});

test('what the PBX has not given yet says so and when it is tried again, and comes at a click', async () => {
  missing.add('/30late');
  const call = await talk('anna', 30, 'late');
  await until(async () => (await call()).recording.why !== null, 'it was tried');
  const { id } = await call();
  await anna.signIn('anna', `/calls?call=${id}`);
  const part = anna.page.locator('.recording');
  await part.getByText(/АТС ещё не отдала файл\. Попробуем снова: \d\d:\d\d\./).waitFor();
  missing.clear();
  await part.getByRole('button', { name: 'Забрать сейчас' }).click();
  await part.getByRole('button', { name: /^Слушать/ }).waitFor();
});
