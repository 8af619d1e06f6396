/** The card: every state of it, before the people it is for. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, PASSWORD, until } from './support/office.mjs';

let browser;
let office;
let anna;
let dasha;
let client = 9_160_000_000;
/** A number that nobody has called from yet. */
const newNumber = () => `7${++client}`;
const shown = (number) => `+7 ${number.slice(1, 4)} ${number.slice(4, 7)}-${number.slice(7, 9)}-${number.slice(9)}`;

before(async () => {
  browser = await launch();
  office = await Office.open();
  dasha = await Person.at(browser, office.address);
  await dasha.signIn('dasha');
});

after(async () => {
  await dasha?.leave();
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address);
  await anna.signIn('anna');
});

afterEach(async () => {
  await dasha.clear();
  await anna.clear();
  await anna.leave();
});

test('a wrong password is named, and the right one leads back', async () => {
  const guest = await Person.at(browser, office.address);
  await guest.page.goto(`${office.address}/card`);
  await guest.page.waitForURL(/\/login\?next=%2Fcard/);
  await isAccessible(guest.page, 'sign-in');
  await guest.page.getByLabel('Логин').fill('anna');
  await guest.page.getByLabel('Пароль', { exact: true }).fill('not the password');
  await guest.page.keyboard.press('Enter');
  await guest.page.getByText('Неверный логин или пароль.').waitFor();
  await guest.page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await guest.page.keyboard.press('Enter');
  await guest.page.waitForURL(`${office.address}/card`);
  await guest.isLive();
  await guest.page.getByRole('button', { name: 'Выйти' }).click();
  await guest.page.waitForURL(/\/login/);
  await guest.leave();
});

test('a ringing call is shown to the rung person only, and takes no focus', async () => {
  const number = newNumber();
  await anna.page.locator('#dial-phone').fill('8 800');
  await office.pbx.rings(number, 'anna');
  const card = anna.card(shown(number), 'ringing');
  await card.waitFor();
  await card.getByText('Новый клиент').waitFor();
  await card.getByText('+7 495 123-45-67').waitFor();
  assert.equal(await anna.page.title(), '● Входящий');
  assert.equal(await anna.page.evaluate(() => document.activeElement?.id), 'dial-phone');
  assert.equal(await dasha.card().count(), 0);
  await isAccessible(anna.page, 'a ringing card');
});

test('the number is copied, with or without a secure context', async () => {
  const number = newNumber();
  await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').getByRole('button', { name: 'Скопировать номер' }).click();
  await anna.card().getByRole('button', { name: 'Скопировано' }).waitFor();
  await anna.page.locator('#dial-phone').focus();
  await anna.page.keyboard.press('Control+V');
  assert.equal(await anna.page.locator('#dial-phone').inputValue(), `+${number}`);
});

test('the first load is at most 100 KB', async () => {
  const guest = await Person.at(browser, office.address);
  let bytes = 0;
  guest.page.on('requestfinished', async (request) => {
    if (request.url().includes('/api/live')) return;
    const sizes = await request.sizes();
    bytes += sizes.responseBodySize;
  });
  await guest.signInByHand('dasha');
  await guest.page.getByText('Все обслужены').or(guest.page.locator('[data-missed]').first()).waitFor();
  assert.ok(bytes > 20_000 && bytes < 100_000, `${bytes} bytes`);
  console.log(`first load, sign-in and card together: ${bytes} bytes`);
  await guest.leave();
});

test('a call that another answered says so and folds away', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna', 'dasha');
  await anna.card(shown(number), 'ringing').waitFor();
  await dasha.card(shown(number), 'ringing').waitFor();
  await office.pbx.event('ACCEPTED', call, 'dasha', number);
  await dasha.card(shown(number), 'mine').waitFor();
  await anna.card('Ответил(а): Дарья', 'another').waitFor();
  await office.pbx.event('CANCELLED', call, 'anna', number);
  await anna.card().waitFor({ state: 'detached' });
  await dasha.card(shown(number), 'mine').waitFor();
});

test('a note written while talking lives through a reload, and the end asks for the outcome', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await anna.card(shown(number), 'mine').getByLabel('Заметка').fill('Ждёт счёт до пятницы');
  await anna.page.reload();
  const note = anna.card(shown(number), 'mine').getByLabel('Заметка');
  await until(async () => (await note.inputValue()) === 'Ждёт счёт до пятницы', 'the note is there after the reload');

  await office.pbx.event('COMPLETED', call, 'anna', number);
  await office.pbx.history(call, 'anna', number);
  const ended = anna.card(shown(number), 'ended');
  await ended.getByText('1:35').waitFor();
  await isAccessible(anna.page, 'an ended card');
  await anna.page.keyboard.press('Alt+Digit2');
  await ended.getByRole('button', { name: 'Вопрос', pressed: true }).waitFor();
  await ended.getByRole('button', { name: 'Завтра' }).click();
  await ended.getByText('Обещали завтра 10:00').waitFor();
  const [kept] = (await office.api('GET', `calls?callid=${call}`)).items;
  assert.equal(kept.note, 'Ждёт счёт до пятницы');
  assert.equal(kept.outcome, '019aa000-0000-7000-8000-000000000002');
  await ended.getByRole('button', { name: 'Готово' }).click();
  await ended.waitFor({ state: 'detached' });
  await anna.page.reload();
  await anna.isLive();
  assert.equal(await anna.card().count(), 0);
});

test('a note typed without a line is kept and sent when the line is back', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await anna.context.route('**/api/calls/**', (route) => route.abort());
  await anna.card(shown(number), 'mine').getByLabel('Заметка').fill('Без связи');
  await anna.card('хранится здесь').waitFor();
  await anna.context.unroute('**/api/calls/**');
  await anna.card('Сохранено').waitFor();
  const [kept] = (await office.api('GET', `calls?callid=${call}`)).items;
  assert.equal(kept.note, 'Без связи');
  await office.pbx.history(call, 'anna', number);
});

test('two people write on one transferred call, and neither loses a word', async () => {
  const number = newNumber();
  const first = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', first, 'anna', number);
  const second = `${first}-second`;
  await office.pbx.event('TRANSFERRED', first, 'anna', number, { second_callid: second });
  await office.pbx.event('INCOMING', second, 'dasha', number);
  await office.pbx.event('ACCEPTED', second, 'dasha', number);
  await office.pbx.event('COMPLETED', first, 'anna', number);
  let go;
  const opened = new Promise((opens) => (go = opens));
  await dasha.context.route('**/api/calls/*', async (route) => {
    if (route.request().method() === 'PATCH') await opened;
    await route.continue();
  });
  const hers = dasha.card(shown(number), 'mine');
  await hers.getByLabel('Заметка').fill('Перезвонить в пять');
  await hers.getByText('Сохраняем…').waitFor();
  const annas = anna.card(shown(number), 'ended');
  await annas.getByLabel('Заметка').fill('Ждёт счёт');
  await annas.getByText('Сохранено').waitFor();
  go();
  await hers.getByText('Пока вы писали, Анна написал(а): «Ждёт счёт»').waitFor();
  assert.equal(await hers.getByLabel('Заметка').inputValue(), 'Ждёт счёт\nПерезвонить в пять');
  await isAccessible(dasha.page, 'two texts of one note');
  await hers.getByLabel('Заметка').blur();
  await new Promise((wait) => setTimeout(wait, 1500));
  const note = async () => (await office.api('GET', `calls?callid=${second}`)).items[0].note;
  assert.equal(await note(), 'Ждёт счёт');
  await hers.getByRole('button', { name: 'Сохранить' }).click();
  await hers.getByText('Сохранено').waitFor();
  assert.equal(await note(), 'Ждёт счёт\nПерезвонить в пять');
  await until(async () => (await annas.getByLabel('Заметка').inputValue()) === 'Ждёт счёт\nПерезвонить в пять', 'Anna sees both');
  await office.pbx.history(second, 'dasha', number);
});

test('a draft of yesterday brings its card back, and goes out when its person has seen the note of today', async () => {
  const number = newNumber();
  const callid = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', callid, 'anna', number);
  await office.pbx.history(callid, 'anna', number);
  await anna.card(shown(number), 'ended').getByRole('button', { name: 'Готово' }).click();
  await anna.card(shown(number)).waitFor({ state: 'detached' });
  const [call] = (await office.api('GET', `calls?callid=${callid}`)).items;
  await office.api('PATCH', `calls/${call.id}`, { note: 'Сегодня: оплатил', note_rev: 0 });
  await anna.page.evaluate(([key, draft]) => localStorage.setItem(key, draft), [
    `ringcard.draft.${office.anna.id}.${call.id}`,
    JSON.stringify({ note: 'Вчера: ждёт счёт', base: '', rev: 0 }),
  ]);
  await anna.page.reload();
  const card = anna.card(shown(number), 'ended');
  await card.getByText('Пока вы писали, Борис написал(а): «Сегодня: оплатил»').waitFor();
  assert.equal(await card.getByLabel('Заметка').inputValue(), 'Сегодня: оплатил\nВчера: ждёт счёт');
  await anna.page.reload();
  await card.getByText('Борис написал(а)').waitFor();
  const note = async () => (await office.api('GET', `calls/${call.id}`)).note;
  assert.equal(await note(), 'Сегодня: оплатил');
  await card.getByRole('button', { name: 'Готово' }).click();
  await card.waitFor({ state: 'detached' });
  await until(async () => (await note()) === 'Сегодня: оплатил\nВчера: ждёт счёт', 'both are kept');
});

test('a missed call turns red, stands on the board, and is called back', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('CANCELLED', call, 'anna', number);
  const card = anna.card(shown(number), 'missed');
  await card.waitFor({ timeout: 20_000 });
  await card.getByText('Клиент сбросил').waitFor();
  await anna.page.locator(`[data-missed="+${number}"]`).waitFor();
  await isAccessible(anna.page, 'a missed card');

  office.pbx.refuses = true;
  await card.getByRole('button', { name: 'Перезвонить' }).click();
  await anna.page.locator('.toast.bad').getByText('АТС отказала. Проверьте, что ваша линия есть в АТС и что этот номер можно набрать.').waitFor();
  office.pbx.refuses = false;
  await until(async () => {
    await card.getByRole('button', { name: 'Перезвонить' }).click();
    await anna.page.locator('.toast').getByText('Сначала зазвонит ваш телефон').waitFor({ timeout: 2000 });
    return true;
  }, 'the call is accepted', 15_000);
  const asked = office.pbx.asked.filter(({ cmd }) => cmd === 'makeCall').at(-1);
  assert.deepEqual([asked.phone, asked.user], [number, 'anna']);
  await anna.card(shown(number), 'requested').waitFor();
});

test('a row of the board is closed, and stands again when that is undone', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('CANCELLED', call, 'anna', number);
  const row = anna.page.locator(`[data-missed="+${number}"]`);
  const others = dasha.page.locator(`[data-missed="+${number}"]`);
  await row.getByText('Не перезвонили').waitFor({ timeout: 20_000 });
  await others.waitFor();
  await row.getByRole('button', { name: 'Закрыть' }).click();
  await row.getByRole('button', { name: 'Уже связались' }).click();
  await row.waitFor({ state: 'detached' });
  await others.waitFor({ state: 'detached' });
  await anna.page.locator('.toast').getByRole('button', { name: 'Вернуть' }).click();
  await row.getByText('Не перезвонили').waitFor();
  await others.getByText('Не перезвонили').waitFor();
});

test('the last calls take from a card what it tells, and further ones come when they are asked for', async () => {
  const rows = anna.page.locator('.call-row');
  await anna.page.reload(); // as many rows as there are at first: what was added by then would be cut off meanwhile
  await anna.isLive();
  await rows.first().waitFor();
  const asked = [];
  anna.page.on('request', (request) => {
    if (request.method() === 'GET' && new URL(request.url()).pathname.startsWith('/api/calls')) asked.push(request.url());
  });
  const numbers = [];
  while (numbers.length < 11) {
    const number = newNumber();
    numbers.push(number);
    const call = await office.pbx.rings(number, 'anna');
    await office.pbx.event('ACCEPTED', call, 'anna', number);
    if (numbers.length === 1) await rows.filter({ hasText: shown(number) }).getByText('Идёт разговор').waitFor();
    await office.pbx.history(call, 'anna', number);
    await rows.filter({ hasText: shown(number) }).getByText('Входящий, 2 мин').waitFor();
  }
  assert.deepEqual(asked.filter((url) => !url.includes('limit=10')), []);
  assert.ok(asked.length <= 1, `${asked}`);
  await anna.page.reload();
  await anna.isLive();
  await rows.filter({ hasText: shown(numbers[10]) }).waitFor();
  assert.equal(await rows.count(), 10);
  assert.equal(await rows.filter({ hasText: shown(numbers[0]) }).count(), 0);
  await anna.page.getByRole('button', { name: 'Показать ещё' }).click();
  await rows.filter({ hasText: shown(numbers[0]) }).waitFor();
});

test('a contact is created in place and its name stands on the card', async () => {
  const number = newNumber();
  await office.pbx.rings(number, 'anna');
  const card = anna.card(shown(number), 'ringing');
  await card.getByRole('button', { name: 'Создать контакт' }).click();
  await anna.page.keyboard.type('Пётр Иванов');
  await card.getByLabel('Компания').fill('ООО «Ромашка»');
  await isAccessible(anna.page, 'a new contact');
  await card.getByRole('button', { name: 'Сохранить контакт' }).click();
  await anna.card('Пётр Иванов', 'ringing').getByText('ООО «Ромашка»').waitFor();
  await anna.card('Пётр Иванов').getByRole('button', { name: 'Клиент' }).click();
  await anna.card('Пётр Иванов').getByText('Ответственный').first().waitFor();
});

test('of several contacts with the number the right one is chosen', async () => {
  const number = newNumber();
  for (const name of ['Ольга', 'Пётр', 'Склад']) await office.api('POST', 'contacts', { name, phones: [{ number: `+${number}` }] });
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(null, 'ringing').getByText('несколько контактов').waitFor();
  await anna.card().getByRole('button', { name: 'Склад' }).click();
  await anna.card().getByRole('heading', { name: 'Склад' }).waitFor();
  await until(async () => (await office.api('GET', `calls?callid=${call}`)).items[0].contact.name === 'Склад', 'the choice is kept');
});

// R37.
test('hostile names, notes and tags are shown as text', async () => {
  const number = newNumber();
  const evil = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
  await office.api('POST', 'contacts', { name: evil, company: `</p>${evil}`, tags: ['<b onmouseover=alert(3)>'], phones: [{ number: `+${number}` }] });
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(evil, 'ringing').waitFor();
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await anna.card(evil, 'mine').getByLabel('Заметка').fill(evil);
  await anna.card('Сохранено').waitFor();
  await office.pbx.history(call, 'anna', number, { duration: '1', link: 'javascript:alert(4)' });
  await anna.card(evil, 'ended').waitFor();
  await anna.page.locator('.call-row').filter({ hasText: evil }).first().waitFor();
  assert.deepEqual(await anna.page.evaluate(() => [...document.links].filter(({ protocol }) => !/^https?:$/.test(protocol)).map(({ href }) => href)), []);
  assert.equal(await anna.page.locator('img[src="x"], .card script, .card b').count(), 0);
});

test('everything works by keyboard', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  const card = anna.card(shown(number), 'mine');
  await card.waitFor();
  const reached = [];
  for (let press = 0; press < 60; press++) {
    await anna.page.keyboard.press('Tab');
    const at = await anna.page.evaluate(() => document.activeElement?.closest('.card') && (document.activeElement.tagName + (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent)));
    if (at) reached.push(at);
    if (at?.startsWith('TEXTAREA')) break;
  }
  assert.ok(reached.some((at) => at.includes('Убрать карточку')), `dismiss: ${reached}`);
  await anna.page.keyboard.type('с клавиатуры 123');
  await anna.card('Сохранено').waitFor();
  await office.pbx.history(call, 'anna', number);
  const ended = anna.card(shown(number), 'ended');
  await ended.waitFor();
  await anna.page.keyboard.press('Tab');
  await anna.page.keyboard.press('1');
  await ended.getByRole('button', { name: 'Заказ', pressed: true }).waitFor();
  await anna.page.keyboard.press('Escape');
  await ended.waitFor({ state: 'detached' });
});

test('a number is dialled in any spelling', async () => {
  const number = newNumber();
  await anna.page.getByLabel('Номер телефона').fill(`8${number.slice(1)}`);
  await anna.page.keyboard.press('Enter');
  await anna.card(shown(number), 'requested').getByText('Сначала зазвонит ваш телефон').waitFor();
  await isAccessible(anna.page, 'a requested call');
});

test('a click and the PBX\'s reports of it are one card, to its honest end', async () => {
  const number = newNumber();
  await anna.page.getByLabel('Номер телефона').fill(`+${number}`);
  await anna.page.keyboard.press('Enter');
  await anna.card(shown(number), 'requested').waitFor();
  const call = `out-${number}`;
  await office.pbx.event('OUTGOING', call, 'anna', number);
  await anna.card(shown(number), 'calling').waitFor();
  assert.equal(await anna.card(shown(number)).count(), 1);
  await office.pbx.history(call, 'anna', number, { type: 'out', status: 'Busy', duration: '0' });
  await anna.card(shown(number), 'unreached').getByText('У клиента занято').waitFor();
  assert.equal(await anna.card(shown(number)).count(), 1);
  await isAccessible(anna.page, 'a call that reached nobody');
});

test('a client who rings in while he is being called is no answer to the click: both calls stand', async () => {
  const number = newNumber();
  await anna.page.getByLabel('Номер телефона').fill(`+${number}`);
  await anna.page.keyboard.press('Enter');
  await anna.card(shown(number), 'requested').waitFor();
  const inward = await office.pbx.rings(number, 'anna');
  await anna.page.locator('.stack[data-count="2"]').waitFor({ state: 'attached' });
  await anna.page.locator('.stack').getByText('Входящий').first().waitFor();
  assert.equal(await anna.page.title(), '● Входящий');
  await office.pbx.event('OUTGOING', `out-${number}`, 'anna', number);
  await office.pbx.history(`out-${number}`, 'anna', number, { type: 'out', status: 'Cancel', duration: '0' });
  await office.pbx.history(inward, 'anna', number, { status: 'missed', duration: '0' });
  await until(async () => (await office.api('GET', `calls?phone=%2B${number}`)).items.every(({ state }) => state !== 'requested' && state !== 'ringing'), 'both have ended');
  const { items } = await office.api('GET', `calls?phone=%2B${number}`);
  assert.deepEqual(items.map(({ direction }) => direction).sort(), ['in', 'out']);
});

test('a line is chosen, and a call that nobody reports of takes the outcome that a person gives it', async () => {
  const sipsim = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"status_code":200,"success":true,"message":"Request accepted"}');
  });
  await new Promise((ready) => sipsim.listen(0, '127.0.0.1', ready));
  const settings = { url: `http://127.0.0.1:${sipsim.address().port}/`, crm_name: 'X', crm_token: 'x', token: 'x' };
  await office.api('POST', 'integrations', { name: 'mobile', kind: 'sipsim', settings });
  const { items } = await office.api('GET', 'users');
  const user = await office.api('GET', `users/${items.find((one) => one.login === 'anna').id}`);
  const lines = [...user.lines, { integration: 'mobile', account: '+375291111111' }];
  await office.api('PATCH', `users/${user.id}`, { lines });
  await anna.page.reload();
  await anna.isLive();

  const number = newNumber();
  await anna.page.getByLabel('С линии').selectOption({ label: 'mobile · +375291111111' });
  await anna.page.getByLabel('Номер телефона').fill(`+${number}`);
  await anna.page.keyboard.press('Enter');
  const card = anna.card(shown(number), 'requested');
  await card.getByText('Сначала зазвонит ваш телефон').waitFor();
  assert.equal(await card.locator('.chip').count(), 0);
  await card.getByText('Отметьте итог сами').waitFor({ timeout: 25_000 });
  const chip = card.locator('.chip').first();
  await chip.click();
  await card.locator('.chip[aria-pressed="true"]').waitFor();
  await isAccessible(anna.page, 'a call that nobody reports of');
  await office.api('PATCH', `users/${user.id}`, { lines: user.lines });
  sipsim.close();
});

test('a manager who watches all sees everybody\'s calls, and is not rung for them', async () => {
  const boss = await Person.at(browser, office.address);
  await boss.signIn('boss');
  const number = newNumber();
  await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  assert.equal(await boss.card(shown(number)).count(), 0);
  await boss.page.goto(`${office.address}/card?watch=all`);
  await boss.card(shown(number), 'ringing').waitFor();
  assert.notEqual(await boss.page.title(), '● Входящий');
  await boss.leave();
});

test('an ended call on which nothing was typed goes by itself after twenty seconds', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await office.pbx.event('COMPLETED', call, 'anna', number);
  const ended = anna.card(shown(number), 'ended');
  await ended.waitFor();
  await new Promise((go) => setTimeout(go, 15_000));
  assert.equal(await ended.count(), 1);
  await ended.waitFor({ state: 'detached' });
});

test('English, dark and a phone are served as well', async () => {
  const guest = await Person.at(browser, office.address, { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 390, height: 844 } });
  await guest.page.goto(`${office.address}/login?next=%2Fcard`);
  await guest.page.getByLabel('Login').fill('anna');
  await guest.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await guest.page.getByRole('button', { name: 'Sign in' }).click();
  await guest.isLive();
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await guest.card(shown(number), 'ringing').getByText('New client').waitFor();
  await isAccessible(guest.page, 'English, dark, on a phone');
  const wide = await guest.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, 'the page is wider than the phone');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await office.pbx.history(call, 'anna', number);
  await guest.card(shown(number), 'ended').waitFor();
  await isAccessible(guest.page, 'English, dark, on a phone, ended');
  await guest.page.getByRole('button', { name: 'Settings of this browser' }).click();
  await isAccessible(guest.page, 'settings');
  await guest.leave();
});

test('what UIS refuses is said in Russian, by its code', async () => {
  const settings = { url: `${office.pbx.url}/v1`, login: 'api', password: 'secret', numb: '74951234567' };
  const uis = await office.api('POST', 'integrations', { name: 'uis', kind: 'uis', settings });
  const lines = [{ integration: office.pbx.integration.id, account: 'anna' }];
  await office.api('PATCH', `users/${office.anna.id}`, { lines: [{ integration: uis.id, account: '+74950000001' }, ...lines] });
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('CANCELLED', call, 'anna', number);
  const card = anna.card(shown(number), 'missed');
  await card.getByRole('button', { name: 'Перезвонить' }).click({ timeout: 20_000 });
  await anna.page.locator('.toast.bad').getByText('Лимит звонков UIS исчерпан. Подождите или увеличьте его у UIS.').waitFor();
  await office.api('PATCH', `users/${office.anna.id}`, { lines });
  await office.api('DELETE', `integrations/${uis.id}`);
});
