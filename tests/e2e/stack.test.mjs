/** Several calls at once: what is in use stays where it is, and no key does what its person did not mean. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

let browser;
let office;
let anna;
let client = 9_170_000_000;
const newNumber = () => `7${++client}`;
const shown = (number) => `+7 ${number.slice(1, 4)} ${number.slice(4, 7)}-${number.slice(7, 9)}-${number.slice(9)}`;

before(async () => {
  browser = await launch();
  office = await Office.open();
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address);
  await anna.context.addInitScript(watchShifts);
  await anna.signIn('anna');
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
});

/** In the page: every layout shift of a card that no key and no click has caused. */
function watchShifts() {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries()) {
      const cards = hadRecentInput ? [] : sources.filter(({ node }) => (node?.parentElement ?? node)?.closest?.('.stack'));
      for (const { node, previousRect, currentRect } of cards) {
        globalThis.shifts.push(`${node.className || node.nodeName}: ${previousRect.x}, ${previousRect.y} → ${currentRect.x}, ${currentRect.y}`);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

const wait = (ms) => new Promise((go) => setTimeout(go, ms));
const cardShifts = (person) => person.page.evaluate(() => globalThis.shifts);

async function talk(person = anna, login = 'anna') {
  const number = newNumber();
  const call = await office.pbx.rings(number, login);
  await office.pbx.event('ACCEPTED', call, login, number);
  await person.card(shown(number), 'mine').waitFor();
  return { number, call, card: person.card(shown(number)) };
}

test('the note of a talk stays where it is while four more clients ring, and through the end of the talk', async () => {
  const { number, call, card } = await talk();
  const note = card.getByLabel('Заметка');
  await note.pressSequentially('Ждёт счёт');
  await card.getByText('Сохранено').waitFor();
  await wait(700);
  const before = await note.boundingBox();
  const others = [];
  for (let rung = 0; rung < 5; rung++) {
    const other = newNumber();
    others.push({ other, call: await office.pbx.rings(other, 'anna') });
    if (rung < 4) await anna.card(shown(other), 'ringing').waitFor();
    assert.deepEqual(await note.boundingBox(), before, `the note moved when call ${rung + 2} came`);
  }
  await anna.page.getByRole('button', { name: 'ещё 1' }).waitFor();
  for (const strip of await anna.page.locator('.strip').all()) {
    const box = await strip.boundingBox();
    assert.ok(box.height <= 96 && box.y >= 0, `${box.height} px at ${box.y}`);
  }
  assert.equal(await anna.page.locator('.strip').count(), 4);
  await isAccessible(anna.page, 'a talk and five who ring');
  await office.pbx.event('CANCELLED', others[1].call, 'anna', others[1].other);
  await office.pbx.event('COMPLETED', call, 'anna', number);
  await office.pbx.history(call, 'anna', number);
  await anna.card(shown(number), 'ended').waitFor();
  assert.deepEqual(await note.boundingBox(), before, 'the note moved when the talk ended');
  await anna.page.keyboard.type(' до пятницы');
  assert.equal(await note.inputValue(), 'Ждёт счёт до пятницы');
  assert.deepEqual(await cardShifts(anna), []);
});

for (const count of [1, 2, 5]) {
  test(`nothing shifts when cards come, change and go: ${count} at once`, async () => {
    const calls = [];
    for (let rung = 0; rung < count; rung++) {
      const number = newNumber();
      calls.push({ number, call: await office.pbx.rings(number, 'anna') });
      await wait(250);
    }
    await anna.page.locator(`.stack[data-count="${count}"]`).waitFor({ state: 'attached' });
    await wait(300);
    await office.pbx.event('ACCEPTED', calls[0].call, 'anna', calls[0].number);
    await anna.card(shown(calls[0].number), 'mine').waitFor();
    await wait(300);
    for (const { call, number } of calls.slice(1)) await office.pbx.event('CANCELLED', call, 'anna', number);
    await office.pbx.event('COMPLETED', calls[0].call, 'anna', calls[0].number);
    await office.pbx.history(calls[0].call, 'anna', calls[0].number);
    await anna.card(shown(calls[0].number), 'ended').waitFor();
    await anna.page.locator('.stack[data-count="0"]').waitFor({ state: 'attached', timeout: 40_000 });
    assert.deepEqual(await cardShifts(anna), []);
  });
}

test('a miss is one line for eight seconds', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  await office.pbx.history(call, 'anna', number, { status: 'missed', duration: '0' });
  const card = anna.card(shown(number), 'missed');
  await card.waitFor();
  const since = Date.now();
  await until(async () => (await card.boundingBox()).height <= 40, 'it has folded', 2_000);
  await card.waitFor({ state: 'detached', timeout: 12_000 });
  const stood = Date.now() - since;
  assert.ok(stood > 6_000 && stood < 10_500, `${stood} ms`);
});

test('a strip that is opened takes the place at the bottom, with the focus', async () => {
  const first = newNumber();
  const second = newNumber();
  await office.pbx.rings(first, 'anna');
  await anna.card(shown(first), 'ringing').getByRole('button', { name: 'Создать контакт' }).waitFor();
  await office.pbx.rings(second, 'anna');
  const strip = anna.page.locator('.strip').filter({ hasText: shown(second) });
  await strip.getByTitle('Развернуть').click();
  await anna.card(shown(second), 'ringing').getByRole('button', { name: 'Создать контакт' }).waitFor();
  await anna.page.locator('.strip').filter({ hasText: shown(first) }).waitFor();
  assert.equal(await anna.page.evaluate(() => document.activeElement?.getAttribute('aria-label')), `Карточка звонка: ${shown(second)}`);
});

test('a digit typed into the page chooses no outcome, one with Alt or with the focus in the card does', async () => {
  const { number, call, card } = await talk();
  await office.pbx.history(call, 'anna', number);
  await anna.card(shown(number), 'ended').waitFor();
  await anna.page.locator('body').press('2');
  await anna.page.getByLabel('Номер телефона').pressSequentially('8916');
  await wait(400);
  assert.equal(await card.locator('[aria-pressed="true"]').count(), 0);
  await anna.page.keyboard.press('Alt+Digit2');
  await card.getByRole('button', { name: 'Вопрос', pressed: true }).waitFor();
  assert.equal(await anna.page.getByLabel('Номер телефона').inputValue(), '8916');
  await card.getByRole('button', { name: 'Завтра' }).focus();
  await anna.page.keyboard.press('1');
  await card.getByRole('button', { name: 'Заказ', pressed: true }).waitFor();
  await card.getByLabel('Заметка').pressSequentially('2 ящика');
  await wait(400);
  assert.equal(await card.getByRole('button', { name: 'Заказ', pressed: true }).count(), 1);
});

test('Esc closes the form of a new contact first, and neither Esc nor a reload loses what was typed', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  const card = anna.card(shown(number));
  await card.getByRole('button', { name: 'Создать контакт' }).click();
  await anna.page.keyboard.type('Пётр Иванов');
  await anna.page.keyboard.press('Escape');
  await card.getByLabel('Имя').waitFor({ state: 'detached' });
  assert.equal(await card.count(), 1);
  await card.getByRole('button', { name: 'Создать контакт' }).click();
  assert.equal(await card.getByLabel('Имя').inputValue(), 'Пётр Иванов');
  await card.getByLabel('Компания').fill('Ромашка');
  await anna.page.reload();
  await anna.isLive();
  assert.equal(await card.getByLabel('Имя').inputValue(), 'Пётр Иванов');
  assert.equal(await card.getByLabel('Компания').inputValue(), 'Ромашка');
  await card.getByLabel('Имя').focus();
  await anna.page.keyboard.press('Escape');
  await anna.page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await office.pbx.history(call, 'anna', number, { duration: '1' });
  await anna.page.locator('.call-row').getByRole('button', { name: shown(number) }).click();
  await card.getByRole('button', { name: 'Создать контакт' }).click();
  assert.equal(await card.getByLabel('Имя').inputValue(), 'Пётр Иванов');
  await card.getByRole('button', { name: 'Сохранить контакт' }).click();
  await anna.card('Пётр Иванов').getByText('Ромашка').waitFor();
  await until(async () => (await office.api('GET', `contacts?phone=%2B${number}`)).items[0]?.name === 'Пётр Иванов', 'the contact is kept');
});

test('the ringing ends with CANCELLED, however late the outcome comes', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  assert.equal(await anna.page.title(), '● Входящий');
  await office.pbx.event('CANCELLED', call, 'anna', number);
  await anna.card('Звонок прекращён', 'stopping').waitFor({ timeout: 1500 });
  assert.notEqual(await anna.page.title(), '● Входящий');
  await anna.card(shown(number), 'missed').waitFor({ timeout: 20_000 });
});
