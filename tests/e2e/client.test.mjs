/** Who it is, whom to call, and what is done with a client: on the card, on the board, in the dial box. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

let browser;
let office;
let anna;
let client = 9_190_000_000;
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
  await anna.signIn('anna');
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
});

async function misses(number) {
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.history(call, 'anna', number, { status: 'missed', duration: '0' });
  const row = anna.page.locator(`[data-missed="+${number}"]`);
  await row.waitFor();
  return row;
}

test('a client without a name is called by his number and named in place, and nobody answers for him unchosen', async () => {
  const number = newNumber();
  const row = await misses(number);
  assert.equal(await row.getByText('Борис').count(), 0);
  await office.pbx.rings(number, 'anna');
  const card = anna.card(shown(number), 'ringing');
  await card.getByText('Новый клиент').waitFor();
  assert.equal(await card.getByText('Ответственный').count(), 0);
  assert.equal(await card.getByText(shown(number)).count(), 1);
  await card.getByRole('button', { name: 'Указать имя' }).click();
  await anna.page.keyboard.type('Пётр');
  await anna.page.keyboard.press('Escape');
  assert.equal(await card.count(), 1);
  await card.getByRole('button', { name: 'Указать имя' }).click();
  await isAccessible(anna.page, 'a name in place');
  await anna.page.keyboard.type('Пётр Иванов');
  await anna.page.keyboard.press('Enter');
  await anna.card('Пётр Иванов', 'ringing').getByRole('heading', { name: 'Пётр Иванов' }).waitFor();
  await row.getByText('Пётр Иванов').waitFor();
  assert.equal(await anna.card('Пётр Иванов').getByText('Ответственный').count(), 0);
});

test('nine contacts of one number stand still while one is chosen, and fold when it is', async () => {
  const number = newNumber();
  for (let person = 1; person <= 9; person++) {
    await office.api('POST', 'contacts', { name: `Сотрудник ${person}`, company: 'ООО «Очень длинное название, которое не поместится»', phones: [{ number: `+${number}` }] });
  }
  await office.pbx.rings(number, 'anna');
  const card = anna.card(null, 'ringing');
  const names = () => card.locator('.match-name').allTextContents().then((all) => all.map((name) => /\d/.exec(name)[0]));
  await card.getByRole('button', { name: 'ещё 6' }).waitFor();
  assert.deepEqual(await names(), ['1', '2', '3']);
  for (const match of await card.locator('.match').all()) assert.ok((await match.boundingBox()).height <= 40);
  await isAccessible(anna.page, 'nine contacts');
  await card.getByRole('button', { name: 'ещё 6' }).click();
  await card.getByRole('button', { name: 'Сотрудник 7' }).click();
  await card.getByText('Это Сотрудник 7').waitFor();
  assert.equal(await card.locator('.match').count(), 0);
  await card.getByRole('button', { name: 'Изменить', exact: true }).click();
  await card.getByRole('button', { name: 'ещё 6' }).click();
  assert.deepEqual(await names(), ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

test('a long name, company and many tags leave the dialled line on the screen', async () => {
  const number = newNumber();
  const tags = Array.from({ length: 12 }, (_, index) => `длинная метка номер ${index + 1}`);
  await office.api('POST', 'contacts', { name: 'Константин '.repeat(15), company: 'ООО Ромашка '.repeat(15), tags, phones: [{ number: `+${number}` }] });
  await office.pbx.rings(number, 'anna');
  const card = anna.card('Константин', 'ringing');
  await card.getByRole('button', { name: 'Ещё метки: 9' }).waitFor();
  const [line, box] = [await card.getByText('+7 495 123-45-67').boundingBox(), await card.boundingBox()];
  assert.ok(line.y - box.y < 240, `${line.y - box.y} px below the top of the card`);
  await card.getByRole('button', { name: 'Ещё метки: 9' }).click();
  await card.getByText('длинная метка номер 12').waitFor();
});

test('a row of the board asks why it is closed, and what was taken is released', async () => {
  const number = newNumber();
  const row = await misses(number);
  const { height } = await row.boundingBox();
  await row.getByRole('button', { name: 'Взять' }).click();
  await row.getByText('Взяли вы').waitFor();
  await row.getByRole('button', { name: 'Отпустить' }).click();
  await row.getByText('Не перезвонили').waitFor();
  office.pbx.refuses = true;
  await row.getByRole('button', { name: 'Перезвонить' }).click();
  await anna.page.locator('.toast.bad').waitFor();
  assert.equal((await row.boundingBox()).height, height, 'the row grew');
  office.pbx.refuses = false;
  await row.getByRole('button', { name: 'Закрыть' }).click();
  await isAccessible(anna.page, 'why a row is closed');
  await row.getByRole('button', { name: 'Спам' }).click();
  await row.waitFor({ state: 'detached' });
  const { items } = await office.api('GET', 'missed?state=closed');
  assert.equal(items.find((one) => one.number === `+${number}`).reason, 'Спам');
});

test('a row keeps its height while a client is called back, and says in the end that nobody answered', async () => {
  const number = newNumber();
  const row = await misses(number);
  const { height } = await row.boundingBox();
  await row.getByRole('button', { name: 'Перезвонить' }).click();
  await anna.card(shown(number), 'requested').waitFor();
  assert.equal((await row.boundingBox()).height, height);
  const call = `back-${number}`;
  await office.pbx.event('OUTGOING', call, 'anna', number);
  await office.pbx.history(call, 'anna', number, { type: 'out', status: 'Cancel', duration: '0' });
  await row.getByText('Звонили, нет ответа').waitFor();
  assert.equal(await row.getByText('Заявка принята').count(), 0);
  assert.equal((await row.boundingBox()).height, height);
});

test('a miss does not count itself, and its note does not ask what was talked about', async () => {
  const number = newNumber();
  await misses(number);
  await anna.page.locator('.call-row').getByRole('button', { name: shown(number) }).click();
  const card = anna.card(shown(number), 'missed');
  await card.getByLabel('Заметка о звонке').waitFor();
  assert.equal(await card.getByPlaceholder('О чём говорили').count(), 0);
  assert.equal(await card.getByText('1 пропущенный').count(), 0);
});

test('who hides his number is shown as such, kept as such, and never called back or written down', async () => {
  for (const phone of ['', '0']) {
    const call = await office.pbx.rings(phone, 'anna');
    const card = anna.card('Номер скрыт', 'ringing');
    await card.waitFor();
    assert.equal(await card.getByRole('button', { name: /Создать контакт|Скопировать номер|Указать имя/ }).count(), 0, `«${phone}»`);
    await isAccessible(anna.page, `a hidden number, «${phone}»`);
    await office.pbx.history(call, 'anna', phone, { status: 'missed', duration: '0' });
    const missed = anna.card('Номер скрыт', 'missed');
    await missed.waitFor();
    assert.equal(await missed.getByText('Записан в пропущенные').count(), 0);
    assert.equal(await missed.getByRole('button', { name: /Перезвонить|Позвонить/ }).count(), 0);
    await missed.waitFor({ state: 'detached', timeout: 12_000 });
    const row = anna.page.locator('.call-row').filter({ hasText: 'Номер скрыт' }).first();
    await row.waitFor();
    assert.equal(await row.getByRole('button', { name: /Перезвонить|Позвонить/ }).count(), 0);
  }
  assert.equal(await anna.page.locator('[data-missed]').filter({ hasText: 'Номер скрыт' }).count(), 0);
  const { items } = await office.api('GET', 'contacts?limit=100');
  assert.ok(items.every(({ phones }) => phones.every(({ number }) => number.length > 5)), 'nobody was written down');
});

test('who was busy is not asked about a talk', async () => {
  const number = newNumber();
  const call = `busy-${number}`;
  await office.pbx.event('OUTGOING', call, 'anna', number);
  await office.pbx.history(call, 'anna', number, { type: 'out', status: 'Busy', duration: '0' });
  const card = anna.card(shown(number), 'unreached');
  await card.getByLabel('Заметка').waitFor();
  assert.equal(await card.getByPlaceholder('О чём говорили').count(), 0);
});

test('numbers of other countries are grouped as there', async () => {
  await office.pbx.rings('442079460958', 'anna');
  await anna.card('+44 20 7946 0958', 'ringing').waitFor();
  await anna.page.locator('.call-row').filter({ hasText: '+44 20 7946 0958' }).waitFor();
});

test('the dial box sends no half number, says what is missing, and finds people', async () => {
  const number = newNumber();
  await office.api('POST', 'contacts', { name: 'Марина Цветаева', phones: [{ number: `+${number}` }] });
  const box = anna.page.getByLabel('Номер телефона или имя');
  const button = anna.page.locator('.dial-form .button');
  const answer = anna.page.locator('#dial-answer');
  const before = office.pbx.asked.length;
  for (const [text, said] of [['8', 'не хватает цифр'], ['1234567', 'добавьте код города'], ['+7 916', 'не хватает цифр'], ['ъъъ', 'Никого с таким именем нет']]) {
    await box.fill(text);
    await answer.getByText(said).waitFor();
    assert.equal(await button.isDisabled(), true);
    await anna.page.keyboard.press('Enter');
  }
  assert.equal(office.pbx.asked.length, before);
  await box.fill(`8${number.slice(1)}`);
  await answer.getByText(`8 ${shown(number).slice(3)}`).waitFor();
  await anna.page.locator('.dial-found').getByText('Марина Цветаева').waitFor();
  await box.fill('цветаев');
  await anna.page.locator('.dial-found').getByText('Марина Цветаева').waitFor();
  await isAccessible(anna.page, 'people found');
  await anna.page.keyboard.press('Enter');
  await until(async () => (await box.inputValue()) === shown(number), 'the number is filled in');
  await anna.page.keyboard.press('Enter');
  await anna.card('Марина Цветаева', 'requested').waitFor();
});

test('an unknown address shows a page with the way back', async () => {
  const answer = await anna.page.goto(`${office.address}/nothing/here`);
  assert.equal(answer.status(), 404);
  await anna.page.getByRole('heading', { name: 'Такой страницы нет' }).waitFor();
  await isAccessible(anna.page, 'an unknown address');
  await anna.page.getByRole('link', { name: 'К звонкам' }).click();
  await anna.isLive();
});

test('what to know before one answers stands first on the card, with a star for who comes first, and is written there', async () => {
  const number = newNumber();
  await office.api('POST', 'contacts', { name: 'Ольга', phones: [{ number: `+${number}` }], vip: true, alert: 'Сначала скажите о сроке' });
  await office.pbx.rings(number, 'anna');
  const card = anna.card('Ольга', 'ringing');
  await card.getByText('VIP').waitFor();
  assert.equal((await card.locator('.card-body').innerText()).split('\n')[0], 'Сначала скажите о сроке');
  await isAccessible(anna.page, 'a card with an alert');
  await card.getByRole('button', { name: 'Клиент' }).click();
  await card.getByLabel('Знать до ответа').fill('Ждёт договор');
  await card.getByLabel('Важный клиент, VIP').uncheck();
  await card.getByRole('button', { name: 'Сохранить' }).click();
  await card.locator('.client-alert').getByText('Ждёт договор').waitFor();
  await card.getByText('VIP', { exact: true }).waitFor({ state: 'detached' });

  const stranger = newNumber();
  await office.pbx.rings(stranger, 'anna');
  await anna.card(shown(stranger), 'ringing').locator('.strip-open').click();
  const fresh = anna.card(shown(stranger), 'ringing');
  await fresh.getByRole('button', { name: 'Создать контакт' }).click();
  await fresh.getByLabel('Имя').fill('Пётр');
  await fresh.getByLabel('Знать до ответа').fill('Говорит тихо');
  await fresh.getByLabel('Важный клиент, VIP').check();
  await fresh.getByRole('button', { name: 'Сохранить контакт' }).click();
  await anna.card('Пётр', 'ringing').locator('.client-alert').getByText('Говорит тихо').waitFor();
  const { items: [kept] } = await office.api('GET', `contacts?phone=%2B${stranger}`);
  assert.deepEqual([kept.vip, kept.alert], [true, 'Говорит тихо']);
});

test('the card offers the outcomes of its kind of call, by their digits, and one that asks for a note has it written', async () => {
  const { outcomes } = await office.api('GET', 'settings');
  const own = [
    { name: 'Заказ', applies: ['in'] },
    { name: 'Уточнить', applies: ['in', 'out'], asks: 'note' },
    { name: 'Не дозвонились', applies: ['out'] },
    { name: 'Спам', applies: ['missed'] },
  ];
  await office.api('PATCH', 'settings', { outcomes: own });
  await anna.page.reload();
  await anna.isLive();
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await office.pbx.history(call, 'anna', number);
  const card = anna.card(shown(number), 'ended');
  await card.waitFor();
  const chips = card.getByRole('group', { name: 'Итог' }).locator('.chip');
  assert.deepEqual(await chips.allInnerTexts(), ['1\nЗаказ', '2\nУточнить']);
  await anna.page.keyboard.press('Alt+Digit2');
  await card.getByRole('button', { name: 'Уточнить', pressed: true }).waitFor();
  await until(async () => (await anna.page.evaluate(() => document.activeElement?.id ?? '')).startsWith('note-'), 'the note has the focus');

  const missed = newNumber();
  const lost = await office.pbx.rings(missed, 'anna');
  await office.pbx.history(lost, 'anna', missed, { status: 'missed', duration: '0' });
  await anna.card(shown(missed), 'missed').locator('.strip-open').click();
  const red = anna.card(shown(missed), 'missed');
  assert.deepEqual(await red.getByRole('group', { name: 'Итог' }).locator('.chip').allInnerTexts(), ['1\nСпам']);
  await isAccessible(anna.page, 'the outcome of a miss');
  await red.getByRole('button', { name: 'Спам' }).click();
  await red.getByRole('button', { name: 'Спам', pressed: true }).waitFor();
  await office.api('PATCH', 'settings', { outcomes });
});

test('what was promised on the card comes back at its time, is put off, and is done', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await office.pbx.event('ACCEPTED', call, 'anna', number);
  await office.pbx.history(call, 'anna', number);
  const card = anna.card(shown(number), 'ended');
  await card.waitFor();
  await anna.page.keyboard.press('Alt+Digit3');
  await card.getByRole('button', { name: 'Перезвонить', pressed: true }).waitFor();
  await card.getByLabel('Что обещали').fill('Прислать счёт');
  await isAccessible(anna.page, 'an outcome that asks for a promise');
  await card.getByRole('button', { name: 'Через час' }).click();
  await card.getByText('Обещали', { exact: false }).filter({ hasText: 'Прислать счёт' }).first().waitFor();
  const { items: [{ id, promise }] } = await office.api('GET', `calls?callid=${call}`);
  assert.equal(promise.text, 'Прислать счёт');

  await office.api('PATCH', `promises/${promise.id}`, { due_at: new Date(Date.now() - 60_000).toISOString() });
  const due = anna.page.locator('.due');
  await due.getByText(`Обещали перезвонить: ${shown(number)}`).waitFor();
  await due.getByText('Прислать счёт').waitFor();
  await isAccessible(anna.page, 'a promise that is due');
  await anna.page.reload();
  await anna.isLive();
  await due.getByRole('button', { name: '+15 мин' }).click();
  await due.waitFor({ state: 'detached' });
  await until(async () => Date.parse((await office.api('GET', `calls/${id}`)).promise.due_at) > Date.now() + 14 * 60_000, 'it is put off');

  await office.api('PATCH', `promises/${promise.id}`, { due_at: new Date().toISOString() });
  await due.getByRole('button', { name: 'Готово' }).click();
  await due.waitFor({ state: 'detached' });
  await until(async () => (await office.api('GET', `calls/${id}`)).promise.done_at !== null, 'it is done');
});
