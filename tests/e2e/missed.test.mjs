/** The missed board's page: its sections, what is done with a row, by pointer and by keys, and two people at one row. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

/** The number of the site where nobody works at this hour. */
const NIGHT = '74957654321';
const SHOTS = process.env.RINGCARD_SHOTS;
let browser;
let office;
let anna;
let client = 9_310_000_000;
const newNumber = () => `7${++client}`;

before(async () => {
  browser = await launch();
  office = await Office.open();
  await office.api('PATCH', 'settings', { numbers: [{ number: '+74951234567', label: 'Авито' }], sites: [{ id: 'depot', name: 'Склад', numbers: [`+${NIGHT}`], working_hours: closedNow() }] });
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await anna.signIn('anna', '/missed');
});

afterEach(async () => {
  await anna.leave();
  for (const { id } of (await office.api('GET', 'missed?limit=200')).items) await office.api('PATCH', `missed/${id}`, { state: 'closed', reason: 'test' });
  for (const { id } of (await office.api('GET', 'promises?state=open')).items) await office.api('DELETE', `promises/${id}`);
});

/** Hours of a place that works an hour a day, and not at this one. */
function closedNow() {
  const from = (new Date().getUTCHours() + 3 + 12) % 24;
  const hours = [{ from: `${String(from).padStart(2, '0')}:00`, to: `${String(from).padStart(2, '0')}:30` }];
  return { zone: 'Europe/Moscow', days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, hours])), exceptions: [] };
}

/** A client whom nobody answers. */
async function misses(number, name, more = {}) {
  if (name) await office.api('POST', 'contacts', { name, phones: [{ number: `+${number}` }], vip: more.vip ?? false });
  await office.pbx.history(await office.pbx.rings(number), 'pbx', number, { status: 'missed', duration: '0', diversion: more.diversion ?? '74951234567' });
}

const row = (person, number) => person.page.locator(`[data-missed="+${number}"]`);
const group = (person, name) => person.page.getByRole('region', { name });
const names = (person, name) => group(person, name).locator('.missed-line strong').allInnerTexts();
const chosen = (person) => person.page.locator('.row[aria-current="true"] .missed-line strong').innerText();

/** As a keyboard with a Russian layout types: another letter, the same place. */
async function press(person, key, code) {
  const keyboard = await person.context.newCDPSession(person.page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text: key });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code });
  await keyboard.detach();
}

async function shot(name) {
  if (SHOTS) await anna.page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/** An office full of everything; gives the numbers. */
async function full() {
  const numbers = { first: newNumber(), vip: newNumber(), nameless: newNumber(), snoozed: newNumber(), night: newNumber(), promised: newNumber() };
  await misses(numbers.first, 'Иван Петров');
  await misses(numbers.first);
  await misses(numbers.vip, 'Константин Константинович Константинопольский', { vip: true });
  await misses(numbers.nameless);
  await misses(numbers.snoozed, 'Ольга Ким');
  await misses(numbers.night, 'Ночной Сторож', { diversion: NIGHT });
  const rows = (await office.api('GET', 'missed?limit=200')).items;
  const { id } = rows.find(({ number }) => number === `+${numbers.snoozed}`);
  await office.api('PATCH', `missed/${id}`, { state: 'snoozed', until: new Date(Date.now() + 3_600_000).toISOString() });
  const promise = (due_at, text, user) => office.api('POST', 'promises', { number: `+${numbers.promised}`, due_at, text, user });
  await promise(new Date(Date.now() - 60_000).toISOString(), 'Цена окна', office.anna.id);
  await promise(new Date(Date.now() + 2 * 86_400_000).toISOString(), 'Не сегодня', office.anna.id);
  return numbers;
}

test('nobody waits: the page says so', async () => {
  await anna.page.getByText('Все обслужены').waitFor();
  await isAccessible(anna.page, 'an empty board');
});

test('a client who rang from two numbers is one row, and goes when he is called on either', async () => {
  const [one, other, joined] = [newNumber(), newNumber(), newNumber()];
  await office.api('POST', 'contacts', { name: 'Двух Номеров', phones: [one, other].map((number) => ({ number: `+${number}` })) });
  await misses(one);
  await row(anna, one).waitFor();
  await misses(other);
  await row(anna, other).getByText('×2').waitFor();
  assert.deepEqual(await names(anna, 'Ждут'), ['Двух Номеров']);
  const digits = (await row(anna, other).locator('.missed-line').first().innerText()).replace(/\D/g, '');
  assert.ok(digits.includes(other) && digits.includes(one), digits);
  // A third number comes to him while he waits: its row goes into his.
  await misses(joined);
  await row(anna, joined).waitFor();
  const [{ contact }] = (await office.api('GET', `contacts?phone=%2B${joined}`)).items.map(({ id }) => ({ contact: id }));
  await office.api('DELETE', `contacts/${contact}`);
  const [{ id }] = (await office.api('GET', `contacts?phone=%2B${one}`)).items;
  await office.api('PATCH', `contacts/${id}`, { phones: [one, other, joined].map((number) => ({ number: `+${number}` })) });
  await row(anna, joined).getByText('×3').waitFor();
  const inRail = async () => (await anna.page.locator('.rail-entry[href="/missed"] .rail-badge').innerText()) === '1';
  await until(inRail, 'one who waits');
  assert.deepEqual(await names(anna, 'Ждут'), ['Двух Номеров']);
  await office.api('PATCH', `missed/${(await office.api('GET', 'missed')).items[0].id}`, { state: 'taken' });
  await row(anna, joined).getByText('Взял(а)').waitFor();
  await shot('1440-two-numbers');
  await anna.page.setViewportSize({ width: 390, height: 800 });
  await shot('390-two-numbers');
  await office.pbx.history(`back-${one}`, 'anna', one, { type: 'out', status: 'Success', duration: '20' });
  await anna.page.getByText('Все обслужены').waitFor();
});

test('promises, who waits, who is put off and the night stand apart, a VIP first', async () => {
  const numbers = await full();
  await until(async () => (await anna.page.locator('.view h2').count()) === 4, 'four sections');
  assert.deepEqual((await anna.page.locator('.view h2').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()), ['Обещали 1', 'Ждут 3', 'Отложены 1', 'За ночь 1']);
  assert.deepEqual((await names(anna, 'Ждут')).slice(0, 2), ['Константин Константинович Константинопольский', 'Иван Петров']);
  await row(anna, numbers.first).getByText('×2').waitFor();
  await row(anna, numbers.first).getByText('Авито').waitFor();
  await row(anna, numbers.first).getByText('осталось 15 мин').waitFor();
  await row(anna, numbers.vip).getByText('осталось 5 мин').waitFor();
  assert.equal((await row(anna, numbers.first).boundingBox()).height, 56);
  assert.equal(await row(anna, numbers.night).count(), 0);
  await isAccessible(anna.page, 'the board, light');
  await shot('1440-light');
  await group(anna, 'За ночь').getByRole('button', { name: 'За ночь' }).click();
  await row(anna, numbers.night).getByText('нерабочее время').waitFor();
  await row(anna, numbers.first).hover();
  await row(anna, numbers.first).getByRole('button', { name: 'Закрыть: Иван Петров' }).click();
  await row(anna, numbers.first).getByRole('button', { name: 'Уже связались' }).waitFor();
  await anna.page.emulateMedia({ colorScheme: 'dark' });
  await isAccessible(anna.page, 'the board, dark');
  await shot('1440-dark');
  await anna.page.keyboard.press('Escape');

  const promised = group(anna, 'Обещали').locator('[data-promise]');
  await promised.getByRole('button', { name: 'Готово' }).click();
  await promised.waitFor({ state: 'detached' });
  await anna.page.locator('.toast').getByRole('button', { name: 'Вернуть' }).click();
  await promised.getByText('Цена окна').waitFor();
  await promised.getByRole('button', { name: '+15 мин' }).click();
  await until(async () => Date.parse((await office.api('GET', 'promises?state=open')).items[0].due_at) > Date.now() + 13 * 60_000, 'it is moved');
});

test('a row is put off until the morning, comes back when that is undone, and is never loaded anew for it', async () => {
  const number = newNumber();
  await misses(number, 'Пётр Отложенный');
  await row(anna, number).waitFor();
  const pages = [];
  anna.page.on('request', (request) => request.url().includes('/api/missed?') && pages.push(request.url()));
  await row(anna, number).hover();
  await row(anna, number).getByRole('button', { name: 'Отложить: Пётр Отложенный' }).click();
  await row(anna, number).getByRole('button', { name: 'Завтра утром' }).click();
  await group(anna, 'Отложены').locator(`[data-missed="+${number}"]`).getByText('до завтра 10:00').waitFor();
  const kept = (await office.api('GET', 'missed')).items[0];
  assert.equal(kept.state, 'snoozed');
  assert.equal(new Date(kept.snoozed_until).toLocaleTimeString('ru', { timeZone: 'Europe/Moscow' }), '10:00:00');
  await anna.page.locator('.toast').getByRole('button', { name: 'Вернуть' }).click();
  await group(anna, 'Ждут').locator(`[data-missed="+${number}"]`).waitFor();
  assert.equal(await group(anna, 'Отложены').count(), 0);
  assert.deepEqual(pages, []);
});

test('of two who take one row the slower reads in it who was faster', async () => {
  const number = newNumber();
  await misses(number, 'Нужный Всем');
  const dasha = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await dasha.signIn('dasha', '/missed');
  for (const person of [anna, dasha]) await row(person, number).waitFor();
  // What Dasha sends is held until Anna has taken the row.
  await dasha.page.route('**/api/missed/*', async (route) => {
    if (route.request().method() === 'PATCH') {
      await row(anna, number).getByRole('button', { name: 'Взять: Нужный Всем' }).click();
      await row(anna, number).getByText('Взяли вы').waitFor();
    }
    await route.continue();
  });
  await row(dasha, number).getByRole('button', { name: 'Взять: Нужный Всем' }).click();
  await row(dasha, number).getByText(/^Уже взял\(а\) Анна, \d+ сек?\.? назад$/).waitFor();
  assert.equal((await office.api('GET', 'missed')).items[0].taken_by.login, 'anna');
  await dasha.leave();
});

test('keys choose, call back, take, put off, close and undo, on a Russian layout too', async () => {
  const numbers = [newNumber(), newNumber(), newNumber()];
  for (const [index, number] of numbers.entries()) await misses(number, ['Первый', 'Второй', 'Третий'][index]);
  await until(async () => (await names(anna, 'Ждут')).join() === 'Первый,Второй,Третий', 'all wait');
  await anna.page.keyboard.press('j');
  assert.equal(await chosen(anna), 'Первый');
  await press(anna, 'о', 'KeyJ');
  assert.equal(await chosen(anna), 'Второй');
  await press(anna, 'л', 'KeyK');
  assert.equal(await chosen(anna), 'Первый');
  await press(anna, 'с', 'KeyC');
  await until(async () => (await chosen(anna)) === 'Второй', 'the next one is chosen after the call');
  assert.equal(office.pbx.asked.filter(({ cmd }) => cmd === 'makeCall').at(-1).phone, numbers[0]);
  await press(anna, 'е', 'KeyT');
  await row(anna, numbers[1]).getByText('Взяли вы').waitFor();
  await press(anna, 'ы', 'KeyS');
  await anna.page.keyboard.press('2');
  await group(anna, 'Отложены').getByText('Второй').waitFor();
  await press(anna, 'я', 'KeyZ');
  await group(anna, 'Отложены').waitFor({ state: 'detached' });
  assert.equal(await chosen(anna), 'Третий');
  await anna.page.keyboard.press('k');
  assert.equal(await chosen(anna), 'Второй');
  await press(anna, 'у', 'KeyE');
  await anna.page.keyboard.press('4');
  await row(anna, numbers[1]).waitFor({ state: 'detached' });
  assert.equal(await chosen(anna), 'Третий');
  assert.equal((await office.api('GET', 'missed?state=closed')).items[0].reason, 'Спам');
  await anna.page.keyboard.press('z');
  await row(anna, numbers[1]).waitFor();
  await anna.clear();
});

test('on a phone nothing is wider than the screen, and what else a row can do stands behind "⋯"', async () => {
  await anna.page.setViewportSize({ width: 390, height: 844 });
  const numbers = await full();
  await until(async () => (await anna.page.locator('.view h2').count()) === 4, 'four sections');
  assert.equal(await anna.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  const take = row(anna, numbers.first).getByRole('button', { name: 'Взять: Иван Петров' });
  assert.equal(await take.count(), 0);
  await row(anna, numbers.first).getByRole('button', { name: 'Ещё действия: Иван Петров' }).click();
  assert.ok((await take.boundingBox()).height >= 44);
  await isAccessible(anna.page, 'the board on a phone');
  await shot('390-light');
  await anna.page.emulateMedia({ colorScheme: 'dark' });
  await row(anna, numbers.first).getByRole('button', { name: 'Закрыть: Иван Петров' }).click();
  await shot('390-dark');
  assert.equal(await anna.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await row(anna, numbers.first).getByRole('button', { name: 'Уже не нужно' }).click();
  await row(anna, numbers.first).waitFor({ state: 'detached' });
});
