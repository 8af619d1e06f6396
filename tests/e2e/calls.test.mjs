/** The history: filters in the address, rows that never jump, and the drawer that the keys move through. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

const OUTCOMES = ['Заказ', 'Отказ'];
/** Their ids, in the same order. @type {string[]} */
let outcomeIds;
let browser;
let office;
let anna;
let client = 9_310_000_000;
const newNumber = () => `7${++client}`;
const shown = (number) => `+7 ${number.slice(1, 4)} ${number.slice(4, 7)}-${number.slice(7, 9)}-${number.slice(9)}`;

/** A call that is over, as `/api/calls` has it. */
async function past(number, user, more = {}) {
  const callid = `past-${++client}`;
  await office.pbx.history(callid, user, number, { start: new Date().toISOString().replace(/[-:]|\.\d+/g, ''), ...more });
  return (await office.api('GET', `calls?callid=${callid}`)).items[0];
}

/** A client who rang these people, and gave up. A report has whole seconds: what is reported after it is later than it. */
async function miss(number, ...people) {
  const callid = await office.pbx.rings(number, ...people);
  await new Promise((go) => setTimeout(go, 1000));
  await office.pbx.history(callid, people[0], number, MISSED);
  return (await office.api('GET', `calls?callid=${callid}`)).items[0];
}

const MISSED = { status: 'missed', duration: '0' };
/** Calls that differ in all that a filter asks for. */
const calls = {};

before(async () => {
  browser = await launch();
  office = await Office.open();
  const settings = await office.api('PATCH', 'settings', { outcomes: OUTCOMES, numbers: [{ number: '+74951234567', label: 'Сайт' }, { number: '+74957654321', label: 'Авито' }] });
  outcomeIds = settings.outcomes.map(({ id }) => id);
  await office.api('POST', 'contacts', { name: 'Ольга Берггольц', phones: [{ number: '+79300000001' }] });
  calls.talked = await past('79300000001', 'anna', { link: 'https://pbx.example/1.mp3' });
  calls.missed = await miss('79300000002', 'dasha', 'anna');
  await office.api('POST', 'promises', { call: calls.talked.id, user: office.dasha.id, due_at: new Date(Date.now() + 1000).toISOString(), text: 'счёт' });
  calls.out = await past('79300000003', 'dasha', { type: 'out', diversion: '74957654321' });
  await office.api('PATCH', `calls/${calls.out.id}`, { note: 'про доставку роялей', note_rev: 0, outcome: outcomeIds[1] });
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await anna.context.addInitScript(watchShifts);
  await anna.signIn('anna', '/calls');
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
});

/** In the page: every layout shift that no key or press has caused. */
function watchShifts() {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) globalThis.shifts.push(...sources.map(({ node }) => node?.className || node?.nodeName));
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

const rows = (person) => person.page.locator('.call-line-open');
const drawer = (person) => person.page.getByRole('region', { name: 'Звонок', exact: true });
const at = (person) => person.page.evaluate(() => decodeURIComponent(location.pathname + location.search));
const search = (person) => person.page.evaluate(() => Object.fromEntries(new URLSearchParams(location.search)));
const ids = (person) => person.page.evaluate(() => [...document.querySelectorAll('.call-line')]
  .sort((a, b) => Number(a.ariaPosInSet) - Number(b.ariaPosInSet)).map((row) => row.firstElementChild.dataset.row));

/** The list shows these calls, newest first, and no others. */
const lists = (person, ...wanted) => until(async () => {
  const found = await ids(person);
  assert.deepEqual(found, wanted.map(({ id }) => id));
  return true;
}, 'the list shows these calls');

async function choose(person, filter, value) {
  await person.page.locator('.filters').getByRole('button', { name: filter }).first().click();
  await person.page.locator('.popover').getByLabel(value, { exact: true }).check();
  await person.page.keyboard.press('Escape');
}

/** As a keyboard with a Russian layout types: another letter, the same place. */
async function press(person, key, code) {
  const keyboard = await person.context.newCDPSession(person.page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text: key.length === 1 ? key : undefined });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code });
}

test('one line tells of a call: what came of it, with whom, who was rung, how long, what is kept of it', async () => {
  await lists(anna, calls.out, calls.missed, calls.talked);
  const texts = (await rows(anna).allInnerTexts()).map((text) => text.split(/\s*\n\s*/).filter(Boolean).slice(0, -1).join(' | '));
  assert.deepEqual(texts, [
    'Исходящий | +7 930 000-00-03 | Дарья | 1:35 | Заметка | Отказ',
    'Пропущенный | +7 930 000-00-02 | звонили 2',
    'Входящий | Ольга Берггольц | Анна | 1:35 | Запись',
  ]);
  for (const row of await anna.page.locator('.call-line').all()) assert.equal((await row.boundingBox()).height, 36);
});

test('each filter narrows the list and stands in the address', async () => {
  for (const [filter, value, name, wanted] of [
    ['Чем кончился', 'Пропущенный', 'state', [calls.missed]],
    ['Направление', 'Исходящие', 'direction', [calls.out]],
    ['Сотрудник', 'Анна', 'user', [calls.talked]],
    ['Наш номер', 'Авито', 'line', [calls.out]],
    ['Итог', 'Отказ', 'outcome', [calls.out]],
    ['Итог', 'Без итога', 'outcome', [calls.missed, calls.talked]],
    ['Есть', 'Запись', 'has', [calls.talked]],
    ['Есть', 'Заметка', 'has', [calls.out]],
    ['Есть', 'Обещание', 'has', [calls.talked]],
  ]) {
    await anna.page.goto(`${office.address}/calls`);
    await lists(anna, calls.out, calls.missed, calls.talked);
    await choose(anna, filter, value);
    await lists(anna, ...wanted);
    assert.deepEqual(Object.keys(await search(anna)), [name]);
  }
  for (const [query, wanted] of [
    ['q=роялей', [calls.out]],
    ['phone=%2B79300000002', [calls.missed]],
    [`contact=${calls.talked.contact.id}`, [calls.talked]],
    [`callid=${calls.missed.callid}`, [calls.missed]],
    [`integration=${calls.missed.integration}`, [calls.out, calls.missed, calls.talked]],
    ['state=missed&state=answered&direction=in', [calls.missed, calls.talked]],
    ['period=today', [calls.out, calls.missed, calls.talked]],
    ['from=2020-01-01&to=2020-01-02', []],
  ]) {
    await anna.page.goto(`${office.address}/calls?${query}`);
    await lists(anna, ...wanted);
  }
});

test('filters outlive a reload and the way back; several values are any of them', async () => {
  await choose(anna, 'Чем кончился', 'Пропущенный');
  await lists(anna, calls.missed);
  await choose(anna, 'Чем кончился', 'Поговорили');
  await lists(anna, calls.out, calls.missed, calls.talked);
  await choose(anna, 'Направление', 'Входящие');
  await lists(anna, calls.missed, calls.talked);
  await anna.page.reload();
  await lists(anna, calls.missed, calls.talked);
  await anna.page.goBack();
  await lists(anna, calls.out, calls.missed, calls.talked);
  await anna.page.goBack();
  await lists(anna, calls.missed);
  await anna.page.getByRole('searchbox', { name: 'Имя, номер или слово из заметки' }).fill('берг');
  await until(async () => (await at(anna)) === '/calls?state=missed&q=берг', 'the address has what was typed');
  await anna.page.getByRole('button', { name: 'Убрать фильтр «Чем кончился»' }).click();
  await lists(anna, calls.talked);
  await anna.page.getByRole('button', { name: 'Сбросить' }).click();
  await lists(anna, calls.out, calls.missed, calls.talked);
});

test('above the list stands what I promised for today, and who waits, and both lead there', async () => {
  const dasha = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await dasha.signIn('dasha', '/');
  await dasha.page.getByRole('link', { name: /^Обещали сегодня: 1 · \S+ Ольга Берггольц$/ }).click();
  await lists(dasha, calls.talked);
  await dasha.page.goto(`${office.address}/`);
  await dasha.page.getByRole('link', { name: 'Ждут звонка: 1' }).click();
  await dasha.page.getByRole('heading', { level: 1, name: 'Пропущенные' }).waitFor();
  await dasha.leave();
  await anna.page.getByRole('link', { name: 'Ждут звонка: 1' }).waitFor();
  assert.equal(await anna.page.getByRole('link', { name: /Обещали/ }).count(), 0);
});

test('an empty list names the filter to blame, and leads out of it', async () => {
  await anna.page.goto(`${office.address}/calls?direction=out&state=missed&has=note`);
  await anna.page.getByText('Таких звонков нет.').waitFor();
  assert.deepEqual(await anna.page.locator('.blamed button').allInnerTexts(), ['Есть звонки без «Пропущенный»']);
  await anna.page.locator('.blamed button').click();
  await lists(anna, calls.out);
});

test('what is new waits while a drawer is open or the list was scrolled, and comes on top when asked for', async () => {
  await lists(anna, calls.out, calls.missed, calls.talked);
  await rows(anna).nth(1).click();
  await drawer(anna).getByRole('heading', { name: '+7 930 000-00-02' }).waitFor();
  const first = await past(newNumber(), 'dasha');
  const second = await past(newNumber(), 'dasha');
  await anna.page.getByRole('button', { name: '2 новых' }).waitFor();
  assert.deepEqual(await ids(anna), [calls.out, calls.missed, calls.talked].map(({ id }) => id));
  await office.api('PATCH', `calls/${calls.talked.id}`, { outcome: outcomeIds[0] });
  await rows(anna).nth(2).getByText(OUTCOMES[0]).waitFor();
  await anna.page.getByRole('button', { name: '2 новых' }).click();
  await lists(anna, second, first, calls.out, calls.missed, calls.talked);
  await anna.page.keyboard.press('Escape');
  await drawer(anna).waitFor({ state: 'detached' });
  await anna.page.getByRole('heading', { name: 'Звонки' }).click();
  const third = await past(newNumber(), 'dasha');
  await lists(anna, third, second, first, calls.out, calls.missed, calls.talked);
  await office.api('PATCH', `calls/${calls.talked.id}`, { outcome: '' });
});

test('a card that comes moves nothing, and its row takes its place without a shift', async () => {
  await rows(anna).nth(2).waitFor();
  await anna.page.waitForTimeout(600);
  await anna.page.evaluate(() => globalThis.shifts.splice(0));
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  await rows(anna).first().getByText(shown(number)).waitFor();
  await anna.page.waitForTimeout(400);
  assert.deepEqual(await anna.page.evaluate(() => globalThis.shifts), []);
  await office.pbx.history(call, 'anna', number, MISSED);
  await rows(anna).first().getByText('Пропущенный').waitFor();
});

test('the drawer is moved through by keys on a Russian layout: next, note, outcome, call, close', async () => {
  const mine = [];
  for (let count = 0; count < 3; count++) mine.unshift(await past(newNumber(), 'anna'));
  await anna.page.goto(`${office.address}/calls?user=${office.anna.id}`);
  await lists(anna, ...mine, ...(await office.api('GET', `calls?user=${office.anna.id}`)).items.slice(3));
  await anna.clear(); // a card of a call that has just ended would lie over the drawer
  await until(async () => (await anna.card().count()) === 0, 'no card is there');
  await press(anna, 'о', 'KeyJ');
  await press(anna, 'о', 'KeyJ');
  await anna.page.keyboard.press('Enter');
  await drawer(anna).getByRole('heading', { name: shown(mine[1].phone.slice(1)) }).waitFor();
  assert.equal((await search(anna)).call, mine[1].id);
  await press(anna, 'л', 'KeyK');
  await drawer(anna).getByRole('heading', { name: shown(mine[0].phone.slice(1)) }).waitFor();
  await press(anna, '2', 'Digit2');
  await until(async () => (await office.api('GET', `calls/${mine[0].id}`)).outcome === outcomeIds[1], 'the outcome is kept');
  await drawer(anna).getByRole('button', { name: OUTCOMES[1], pressed: true }).waitFor();
  await press(anna, 'т', 'KeyN');
  await anna.page.keyboard.type('ждёт счёт 2');
  await until(async () => (await office.api('GET', `calls/${mine[0].id}`)).note === 'ждёт счёт 2', 'the note is kept');
  assert.equal(await drawer(anna).getByRole('textbox').inputValue(), 'ждёт счёт 2');
  await drawer(anna).getByRole('heading').first().click();
  await press(anna, 'с', 'KeyC');
  await until(() => office.pbx.asked.some(({ cmd, phone }) => cmd === 'makeCall' && phone?.endsWith(mine[0].phone.slice(2))), 'the PBX is asked to call');
  await anna.clear();
  await anna.card().first().waitFor({ state: 'detached' });
  await anna.page.keyboard.press('Escape');
  await drawer(anna).waitFor({ state: 'detached' });
  assert.equal((await search(anna)).call, undefined);
});

test('the drawer tells the chain: missed, then called back', async () => {
  const number = newNumber();
  const missed = await miss(number, 'dasha');
  const back = await past(number, 'anna', { type: 'out' });
  await anna.page.goto(`${office.address}/calls?call=${missed.id}`);
  const links = drawer(anna).locator('.chain-link');
  await until(async () => (await links.count()) === 2, 'two links');
  assert.match((await links.nth(0).innerText()).replace(/\s+/g, ' '), /^\d\d:\d\d ?Пропущенный · звонили: Дарья$/);
  assert.match((await links.nth(1).innerText()).replace(/\s+/g, ' '), /^\d\d:\d\d ?Исходящий · Анна · 2 мин$/);
  await links.nth(1).getByRole('link').click();
  await until(async () => (await search(anna)).call === back.id, 'the address has the call back');
  await drawer(anna).getByText('Кому звонили').or(drawer(anna).getByText('Говорил(а)')).first().waitFor();
});

test('what another has said of his call is shown to an operator, not offered to be changed', async () => {
  await anna.page.goto(`${office.address}/calls?call=${calls.out.id}`);
  await drawer(anna).getByText('про доставку роялей').waitFor();
  assert.equal(await drawer(anna).getByRole('textbox').count(), 0);
  assert.equal(await drawer(anna).getByRole('button', { name: OUTCOMES[1] }).count(), 0);
});

test('a note that another window changes meanwhile is joined in the drawer, and no card comes for it', async () => {
  const call = await past(newNumber(), 'anna');
  await anna.page.goto(`${office.address}/calls?call=${call.id}`);
  await anna.clear();
  await drawer(anna).getByRole('textbox').fill('моё');
  await office.api('PATCH', `calls/${call.id}`, { note: 'чужое', note_rev: 0 });
  await drawer(anna).getByText('Пока вы писали, Борис написал(а): «чужое»').waitFor();
  assert.equal(await anna.card().count(), 0);
  await drawer(anna).getByRole('button', { name: 'Сохранить' }).click();
  await until(async () => /чужое[^]*моё/.test((await office.api('GET', `calls/${call.id}`)).note), 'both are kept');
});

test('pages follow one another without a repetition, also when calls come meanwhile; keys bring the next page', async () => {
  for (let count = 0; count < 150; count++) await past(newNumber(), 'dasha');
  await anna.page.reload();
  const before = (await office.api('GET', 'calls?limit=200')).items.map(({ id }) => id);
  await rows(anna).first().waitFor();
  const seen = new Map();
  const look = async () => {
    for (const [place, id] of await anna.page.evaluate(() => [...document.querySelectorAll('.call-line')].map((row) => [Number(row.ariaPosInSet), row.firstElementChild.dataset.row]))) seen.set(place, id);
  };
  let step = 0;
  let turn = 400;
  await rows(anna).first().hover(); // the wheel turns the list, not the drawer
  await until(async () => {
    await look();
    if (step++ === 3) await past(newNumber(), 'dasha');
    const [above, below] = await anna.page.evaluate(() => [scrollY, document.documentElement.scrollHeight - innerHeight - scrollY]);
    if (below < 1) turn = -400; // a slow page may have passed a row without showing it: back over them
    if (above === 0) turn = 400;
    await anna.page.mouse.wheel(0, turn);
    return seen.size >= before.length;
  }, 'every row was seen', 30_000);
  assert.deepEqual([...seen].sort(([a], [b]) => a - b).map(([, id]) => id), before);
  await anna.page.getByRole('button', { name: '1 новый' }).click();
  assert.equal(await anna.page.evaluate(() => scrollY), 0);
  await anna.page.goto(`${office.address}/calls?call=${before[0]}`);
  await drawer(anna).waitFor();
  await rows(anna).first().waitFor();
  for (const id of before.slice(1, 101)) {
    await anna.page.keyboard.press('j'); // at the last row it asks for the next page first
    await until(async () => (await search(anna)).call === id, 'the next call is open');
  }
  const row = await anna.page.locator(`[data-row="${before[100]}"]`).boundingBox();
  assert.ok(row.y >= 52 && row.y + row.height <= 900, `it stands at ${row.y}`);
  assert.ok((await anna.page.locator('.call-line').count()) <= 400);
});

for (const colorScheme of ['light', 'dark']) {
  test(`the history is accessible with its filters and its drawer, ${colorScheme}`, async () => {
    for (const width of [1440, 800, 390]) {
      const boss = await Person.at(browser, office.address, { colorScheme, viewport: { width, height: 900 } });
      await boss.signIn('boss', `/calls?call=${calls.out.id}&state=answered`);
      await drawer(boss).getByRole('heading', { name: '+7 930 000-00-03' }).waitFor();
      await isAccessible(boss.page, `drawer, ${colorScheme}, ${width}`);
      await boss.page.keyboard.press('Escape');
      if (width === 390) await boss.page.getByRole('button', { name: 'Фильтры' }).click();
      await boss.page.getByRole('button', { name: 'Период' }).click();
      await isAccessible(boss.page, `filters, ${colorScheme}, ${width}`);
      assert.equal(await boss.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      await boss.leave();
    }
  });
}

test('the groups of the calls that were read can be chosen, alone or together', async () => {
  const number = newNumber();
  const callid = await office.pbx.rings(number, 'dasha');
  await office.pbx.event('CANCELLED', callid, 'dasha', number, { groupRealName: 'Отдел продаж' });
  await rows(anna).filter({ hasText: shown(number) }).waitFor();
  await anna.page.reload();
  await anna.page.getByRole('button', { name: 'Группа' }).click();
  await anna.page.getByLabel('Отдел продаж').check();
  await until(async () => (await rows(anna).count()) === 1, 'the calls of this group alone');
  assert.equal(new URL(anna.page.url()).searchParams.get('group'), 'Отдел продаж');
  await isAccessible(anna.page, 'a group');
});
