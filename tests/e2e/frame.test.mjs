/** The workplace around its sections: addresses, rail and tabs, keys, and the column of the cards. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

const SECTIONS = { calls: 'Звонки', missed: 'Пропущенные', contacts: 'Контакты', settings: 'Настройки' };
let browser;
let office;
let anna;
let client = 9_210_000_000;
const newNumber = () => `7${++client}`;
const shown = (number) => `+7 ${number.slice(1, 4)} ${number.slice(4, 7)}-${number.slice(7, 9)}-${number.slice(9)}`;

before(async () => {
  browser = await launch();
  office = await Office.open();
  for (const name of ['Марина Цветаева', 'Осип Мандельштам']) await office.api('POST', 'contacts', { name, phones: [{ number: `+${newNumber()}` }] });
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await anna.context.addInitScript(watchShifts);
  await anna.signIn('anna', '/');
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
});

/** In the page: every layout shift, but of the rows of a list, where a new call has its place on top. */
function watchShifts() {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries()) {
      const moved = hadRecentInput ? [] : sources.filter(({ node }) => !(node?.parentElement ?? node)?.closest?.('.rows, .view > .panel'));
      for (const { node, previousRect, currentRect } of moved) {
        globalThis.shifts.push(`${node?.className || node?.nodeName}: ${previousRect.x}, ${previousRect.y} → ${currentRect.x}, ${currentRect.y}`);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

const entry = (person, words) => person.page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: words });
const heading = (person, words) => person.page.getByRole('heading', { level: 1, name: words }).waitFor();
const at = (person) => person.page.evaluate(() => decodeURIComponent(location.pathname + location.search));

async function contact(name) {
  return (await office.api('GET', `contacts?q=${encodeURIComponent(name)}`)).items[0];
}

test('the rail leads to every section, the way back and a reload stay in it, and nothing is loaded anew', async () => {
  assert.equal(await at(anna), '/');
  await heading(anna, 'Звонки');
  await anna.page.evaluate(() => (globalThis.isSame = true));
  for (const [section, words] of Object.entries(SECTIONS)) {
    await entry(anna, words).click();
    await heading(anna, words);
    assert.equal(await at(anna), `/${section}`);
    assert.equal(await entry(anna, words).getAttribute('aria-current'), 'page');
    assert.equal(await anna.page.title(), `${words} — ringcard`);
  }
  await anna.page.goBack();
  await heading(anna, 'Контакты');
  assert.equal(await anna.page.evaluate(() => globalThis.isSame), true);
  await anna.page.reload();
  await heading(anna, 'Контакты');
  await anna.page.goForward();
  await heading(anna, 'Настройки');
});

test('a filter is part of the address: it outlives a reload, the way back, and another section', async () => {
  await entry(anna, 'Контакты').click();
  await anna.page.getByRole('searchbox', { name: 'Имя, компания или номер' }).fill('цвет');
  await until(async () => (await at(anna)) === '/contacts?q=цвет', 'the address has it');
  const rows = anna.page.locator('.view .row');
  await until(async () => (await rows.count()) === 1, 'one is found');
  await anna.page.reload();
  await until(async () => (await rows.count()) === 1, 'one is found after a reload');
  await rows.getByRole('link', { name: 'Марина Цветаева' }).click();
  await heading(anna, 'Марина Цветаева');
  assert.equal(await at(anna), `/contacts/${(await contact('Цветаева')).id}`);
  await anna.page.goBack();
  await until(async () => (await rows.count()) === 1, 'one is found on the way back');
  await entry(anna, 'Пропущенные').click();
  await heading(anna, 'Пропущенные');
  await entry(anna, 'Контакты').click();
  assert.equal(await at(anna), '/contacts?q=цвет');
  await entry(anna, 'Контакты').click();
  await until(async () => (await rows.count()) >= 2, 'all are there again');
  assert.equal(await at(anna), '/contacts');
  await anna.page.getByRole('searchbox', { name: 'Имя, компания или номер' }).fill('никого такого');
  await anna.page.getByText('Никого по запросу «никого такого».').waitFor();
});

test('signing in leads to the very address that was asked for', async () => {
  const guest = await Person.at(browser, office.address);
  await guest.signInByHand('dasha', '/contacts?q=цвет');
  await guest.page.getByText('Марина Цветаева').waitFor();
  assert.equal(await at(guest), '/contacts?q=цвет');
  await guest.page.getByRole('button', { name: 'Дарья линия' }).click();
  await guest.page.getByRole('button', { name: 'Выйти' }).click();
  await guest.page.waitForURL(/\/login/);
  await guest.leave();
});

for (const width of [1440, 1100, 800, 390]) {
  test(`a call rings over every section and nothing shifts nor is covered, ${width} wide`, async () => {
    await anna.page.setViewportSize({ width, height: 900 });
    for (const [section, words] of Object.entries(SECTIONS)) {
      await anna.page.goto(`${office.address}/${section}`);
      await heading(anna, words);
      await anna.isLive();
      await anna.page.waitForTimeout(600);
      await anna.page.evaluate(() => globalThis.shifts.splice(0));
      const number = newNumber();
      const call = await office.pbx.rings(number, 'anna');
      const first = width === 800 ? anna.page.locator('.call-strip').filter({ hasText: shown(number) }) : anna.card(shown(number), 'ringing');
      await first.waitFor();
      await anna.page.waitForTimeout(400);
      if (width >= 1024) {
        const main = await anna.page.locator('.view').boundingBox();
        const card = await first.boundingBox();
        assert.ok(main.x + main.width <= card.x, `${section}: the section ends at ${main.x + main.width}, the card begins at ${card.x}`);
      }
      if (width === 800) {
        assert.equal((await first.boundingBox()).height, 56);
        await anna.card(shown(number), 'ringing').waitFor();
        await first.click();
        await anna.card(shown(number), 'ringing').waitFor({ state: 'hidden' });
      }
      await office.pbx.event('ACCEPTED', call, 'dasha', number);
      await first.waitFor({ state: 'detached' });
      await office.pbx.history(call, 'dasha', number);
      assert.deepEqual(await anna.page.evaluate(() => globalThis.shifts), [], section);
      assert.equal(await anna.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${section} is wider than the screen`);
    }
  });
}

test('on a phone the sections are tabs at the bottom, the board first', async () => {
  await anna.page.setViewportSize({ width: 390, height: 844 });
  const tabs = anna.page.getByRole('navigation', { name: 'Разделы' }).getByRole('listitem');
  assert.deepEqual(await tabs.allInnerTexts().then((all) => all.map((text) => /^\S+?(?=[,\s]|$)/.exec(text.trim())[0])), ['Пропущенные', 'Звонки', 'Контакты', 'Настройки']);
  for (const tab of await tabs.all()) {
    const { y, height } = await tab.boundingBox();
    assert.ok(y + height <= 844 && y >= 780 && height >= 44, `${height} px at ${y}`);
  }
});

test('on a phone the sheet is at most 60 % of the screen, however many ring', async () => {
  await anna.page.setViewportSize({ width: 390, height: 844 });
  const calling = [newNumber(), newNumber(), newNumber(), newNumber()];
  const rung = [];
  for (const number of calling) rung.push(await office.pbx.rings(number, 'anna'));
  await until(async () => (await anna.page.locator('.stack').getAttribute('data-count')) === '4', 'four cards are there');
  await anna.page.waitForTimeout(300);
  const isBounded = async () => {
    const { y, height } = await anna.page.locator('.stack-column').boundingBox();
    assert.ok(height <= 0.6 * 844 + 1 && y + height <= 844 - 56 + 1, `${height} px at ${y}`);
    const card = await anna.page.locator('.card:not(.strip)').boundingBox();
    assert.ok(card.height >= 200, `the card has ${card.height} px`);
  };
  await isBounded();
  await anna.page.getByRole('button', { name: 'ещё 1' }).click();
  await isBounded();
  for (const [index, call] of rung.entries()) await office.pbx.history(call, 'anna', calling[index], { status: 'missed', duration: '0' });
});

test('the board\'s open rows are told at its entry, and by name to a screen reader', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.history(call, 'anna', number, { status: 'missed', duration: '0' });
  await entry(anna, /^Пропущенные ?, \d+ жд[ёу]т/).waitFor();
});

/** As a keyboard with a Russian layout types: another letter, the same place. */
async function press(person, key, code) {
  const keyboard = await person.context.newCDPSession(person.page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text: key });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code });
}

test('keys lead to the sections, on a Russian layout too, and type in a field', async () => {
  await heading(anna, 'Звонки');
  await press(anna, 'п', 'KeyG');
  await press(anna, 'ь', 'KeyM');
  await heading(anna, 'Пропущенные');
  await anna.page.keyboard.press('g');
  await anna.page.keyboard.press('k');
  await heading(anna, 'Контакты');
  await press(anna, '.', 'Slash');
  assert.equal(await anna.page.evaluate(() => document.activeElement.id), 'palette-box');
  await anna.page.keyboard.type('gs');
  assert.equal(await anna.page.locator('#palette-box').inputValue(), 'gs');
  assert.equal(await at(anna), '/contacts');
});

test('a Latin letter counts as it is typed, wherever it stands on the keyboard', async () => {
  await heading(anna, 'Звонки');
  await press(anna, 'g', 'KeyU'); // Dvorak
  await press(anna, 's', 'Semicolon');
  await heading(anna, 'Настройки');
});

test('keys can be switched off', async () => {
  await anna.page.goto(`${office.address}/settings`);
  await anna.page.getByLabel('Быстрые клавиши').uncheck();
  await anna.page.getByRole('heading', { name: 'Настройки' }).click();
  await anna.page.keyboard.press('g');
  await anna.page.keyboard.press('c');
  await anna.page.waitForTimeout(300);
  assert.equal(await at(anna), '/settings');
});

test('a page is loaded once: a reload asks for six things at most', async () => {
  const isWhole = () => anna.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/card/stack.js')));
  // What comes behind the section is there by then.
  for (const _ of ['once', 'again']) {
    await anna.page.reload();
    await anna.isLive();
    await heading(anna, 'Звонки');
    await until(isWhole, 'all of it is there');
    await anna.page.waitForLoadState('load');
    await anna.page.waitForTimeout(500);
  }
  const asked = await anna.page.evaluate(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return all.filter(({ transferSize, name }) => transferSize > 0 && !name.includes('/api/')).map(({ name }) => name);
  });
  assert.ok(asked.length >= 1 && asked.length <= 6, `asked again: ${asked.join(', ')}`);
});
