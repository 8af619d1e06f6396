/** Many tabs, lost lines, restarts: one stream a browser, and nothing stale on the screen. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Line } from './support/line.mjs';
import { HOST, Office, until } from './support/office.mjs';

const NUMBER = '79031112233';
const SHOWN = '+7 903 111-22-33';
let browser;
let office;
let line;
let anna;

before(async () => {
  browser = await launch();
  office = await Office.open();
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  line = await Line.to(office.port);
  anna = await Person.at(browser, line.address);
  await anna.signIn('anna');
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
  await line.close();
});

/** @param {number} count */
async function openTabs(count) {
  const tabs = [anna.page];
  while (tabs.length < count) {
    const tab = await anna.tab();
    await tab.goto(`${line.address}/card`);
    await anna.isLive(tab);
    tabs.push(tab);
  }
  return tabs;
}

test('ten tabs share one stream, and a card dismissed in one is gone in all', async () => {
  const tabs = await openTabs(10);
  assert.equal(line.streams.size, 1);
  const call = await office.pbx.rings(NUMBER, 'anna');
  for (const tab of tabs) await anna.card(SHOWN, 'ringing', tab).waitFor();
  await tabs[7].getByRole('button', { name: 'Убрать карточку' }).click();
  for (const tab of tabs) await anna.card(SHOWN, undefined, tab).waitFor({ state: 'detached' });
  await office.pbx.event('INCOMING', call, 'anna', NUMBER);
  await tabs[3].reload();
  await anna.isLive(tabs[3]);
  await new Promise((go) => setTimeout(go, 500));
  for (const tab of tabs) assert.equal(await anna.card(SHOWN, undefined, tab).count(), 0, 'a repeated push re-opened it');
  assert.equal(line.streams.size, 1);
  await office.pbx.event('CANCELLED', call, 'anna', NUMBER);
});

test('after a restart of the server the screen is what the server knows', async () => {
  const call = await office.pbx.rings(NUMBER, 'anna');
  await anna.card(SHOWN, 'ringing').waitFor();
  await office.stop();
  await anna.page.locator('[data-stream="offline"]').waitFor();
  await anna.page.getByText('Нет связи с сервером.').waitFor();
  await office.start();
  await anna.isLive();
  await anna.card(SHOWN, 'ringing').waitFor();
  await office.pbx.event('ACCEPTED', call, 'anna', NUMBER);
  await anna.card(SHOWN, 'mine').waitFor();
  await office.pbx.history(call, 'anna', NUMBER);
  await anna.card(SHOWN, 'ended').waitFor();
});

test('what happened while the line was cut is shown when it is back, within five seconds', async () => {
  const call = await office.pbx.rings(NUMBER, 'anna');
  await anna.card(SHOWN, 'ringing').waitFor();
  line.cut();
  await office.pbx.event('ACCEPTED', call, 'anna', NUMBER);
  await office.pbx.history(call, 'anna', NUMBER);
  await anna.page.locator('[data-stream="offline"]').waitFor();
  line.mend();
  await anna.card(SHOWN, 'ended').waitFor({ timeout: 6000 });
  assert.equal(await anna.card(SHOWN, 'ringing').count(), 0);
});

test('a lost line that comes back at once is taken up again within a second', async () => {
  const opened = line.opened;
  for (const near of line.pairs) near.destroy();
  await until(() => line.opened > opened, 'a new stream', 1500);
  await anna.isLive();
  assert.equal(line.streams.size, 1);
});

test('after sleep the screen is right again, though the old stream only looks alive', async () => {
  const call = await office.pbx.rings(NUMBER, 'anna');
  await anna.card(SHOWN, 'ringing').waitFor();
  line.silence();
  await office.pbx.event('ACCEPTED', call, 'dasha', NUMBER);
  await office.pbx.history(call, 'dasha', NUMBER);
  await new Promise((go) => setTimeout(go, 300));
  assert.equal(await anna.card(SHOWN, 'ringing').count(), 1);
  await anna.page.evaluate(() => document.dispatchEvent(new Event('resume')));
  await anna.card(SHOWN, 'ringing').waitFor({ state: 'detached', timeout: 2000 });
});

test('a silent line is known within forty seconds: the page says so, and what happened is shown', async () => {
  const call = await office.pbx.rings(NUMBER, 'anna');
  await anna.card(SHOWN, 'ringing').waitFor();
  await until(() => line.beats > 0, 'the server beats', 17_000);
  const { opened } = line;
  line.silence();
  line.isMute = true;
  await office.pbx.event('ACCEPTED', call, 'anna', NUMBER);
  await office.pbx.history(call, 'anna', NUMBER);
  await anna.page.locator('[data-stream="offline"]').waitFor({ timeout: 40_000 });
  assert.equal(line.opened, opened + 1);
  line.isMute = false;
  await anna.isLive();
  await anna.card(SHOWN, 'ended').waitFor();
});

test('a browser without shared workers holds a stream a tab', async () => {
  const plain = await Person.at(browser, line.address);
  await plain.context.addInitScript('delete globalThis.SharedWorker');
  await plain.signIn('dasha');
  const call = await office.pbx.rings(NUMBER, 'dasha');
  await plain.card(SHOWN, 'ringing').waitFor();
  assert.equal(line.streams.size, 2);
  await office.pbx.event('CANCELLED', call, 'dasha', NUMBER);
  await plain.leave();
});

test('signing out in one tab ends the others', async () => {
  const [first, second] = await openTabs(2);
  await first.getByRole('button', { name: 'Выйти' }).click();
  await first.waitForURL(/\/login/);
  await second.waitForURL(/\/login\?next=%2Fcard/);
});

test('of several tabs one sounds', async () => {
  const tabs = await openTabs(3);
  for (const tab of tabs) {
    await tab.evaluate(() => {
      globalThis.tones = 0;
      const make = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function createOscillator() {
        globalThis.tones += 1;
        return make.call(this);
      };
    });
  }
  await tabs[0].bringToFront();
  await tabs[0].getByRole('button', { name: 'Настройки этого браузера' }).click();
  await tabs[0].getByLabel('Звук звонка').check();
  await tabs[0].getByLabel('Клавиши').focus();
  for (const tab of tabs.slice(1)) await tab.getByText('Ждём звонка').click();
  const call = await office.pbx.rings(NUMBER, 'anna');
  await until(async () => (await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.tones)))).filter(Boolean).length === 1, 'one tab sounds');
  await new Promise((go) => setTimeout(go, 1500));
  const sounding = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.tones)));
  assert.equal(sounding.filter(Boolean).length, 1, `${sounding}`);
  await office.pbx.event('CANCELLED', call, 'anna', NUMBER);
});

test('a desktop notification stands while nobody looks and nobody has answered', async () => {
  if (HOST !== '127.0.0.1') {
    await anna.page.getByRole('button', { name: 'Настройки этого браузера' }).click();
    await anna.page.getByText('Уведомления работают только по https').waitFor();
    assert.equal(await anna.page.getByLabel('Уведомления').isDisabled(), true);
    return;
  }
  await anna.context.addInitScript(pretendToBeHidden);
  const tabs = await openTabs(2);
  await tabs[0].reload();
  await anna.isLive(tabs[0]);
  const standing = async () => (await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.standing)))).flat();
  const call = await office.pbx.rings(NUMBER, 'anna');
  await until(async () => (await standing()).length === 1, 'one notification');
  assert.equal((await standing())[0], SHOWN);
  await office.pbx.event('ACCEPTED', call, 'anna', NUMBER);
  await until(async () => (await standing()).length === 0, 'it is closed');
  await office.pbx.history(call, 'anna', NUMBER);
});

/** In the page: nobody looks at it, and its notifications are written down. */
function pretendToBeHidden() {
  localStorage.setItem('ringcard.notifications', 'true');
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  globalThis.standing = [];
  globalThis.Notification = class {
    static permission = 'granted';

    constructor(title) {
      this.title = title;
      globalThis.standing.push(title);
    }

    close() {
      globalThis.standing = globalThis.standing.filter((title) => title !== this.title);
    }
  };
}
