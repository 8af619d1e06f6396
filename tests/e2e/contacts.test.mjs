/** Clients: the list, the search, one client's page with its line of time, and two windows on one client. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

let browser;
let office;
let anna;
let count = 9_330_000_000;
const newNumber = () => `7${++count}`;
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
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await anna.signIn('anna', '/contacts');
  await search(anna).waitFor();
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
});

const keep = (name, more = {}) => office.api('POST', 'contacts', { name, phones: [{ number: `+${newNumber()}` }], ...more });
const read = ({ id }) => office.api('GET', `contacts/${id}`);
const rows = (person) => person.page.locator('.contact-row');
const address = (person) => person.page.evaluate(() => decodeURIComponent(location.pathname + location.search));
const search = (person) => person.page.getByRole('searchbox', { name: 'Имя, компания или номер' });

async function opens(person, contact) {
  await person.page.goto(`${office.address}/contacts/${contact.id}`);
  await person.page.getByRole('heading', { level: 1, name: contact.name }).waitFor();
  await person.isLive();
}

async function talks(phone) {
  const callid = await office.pbx.rings(phone, 'anna');
  await office.pbx.event('ACCEPTED', callid, 'anna', phone);
  await office.pbx.event('COMPLETED', callid, 'anna', phone);
}

test('whom one talked to last stands first, at once, with who it was and what is owed', async () => {
  const [old, young] = [await keep('Давний Клиент', { tags: ['опт', 'юг', 'зима', 'склад'], vip: true, company: 'Ромашка' }), await keep('Свежий Клиент')];
  await until(async () => (await rows(anna).first().innerText()).includes(young.name), 'the newest first');
  const phone = old.phones[0].number.slice(1);
  await talks(phone);
  const first = rows(anna).first();
  await until(async () => (await first.innerText()).includes(old.name), 'the talk brings him up');
  for (const words of ['Ромашка', shown(phone), '+2', 'VIP', 'Входящий', 'Анна']) await first.getByText(words, { exact: false }).first().waitFor({ state: 'attached' });
  assert.ok((await first.boundingBox()).height <= 60, 'a row is 56 px high');
  await office.pbx.event('CANCELLED', await office.pbx.rings(phone, 'anna'), 'anna', phone);
  await first.getByText('1 пропущенный').waitFor();
});

test('any part finds, the wrong layout is healed, and a number that nobody has becomes a client', async () => {
  const ivan = await keep('Иванов Семён');
  const digits = ivan.phones[0].number.slice(-4);
  for (const [typed, says] of [['ванов', null], ['СЕМЕН', null], [digits, null], [`8${ivan.phones[0].number.slice(2)}`, null], ['bdfyjd', 'Показано для «иванов»']]) {
    await search(anna).fill(typed);
    await until(async () => (await address(anna)) === `/contacts?q=${typed}`, `${typed} is asked for`);
    await until(async () => (await rows(anna).count()) === 1 && (await rows(anna).innerText()).includes(ivan.name), `${typed} finds him`);
    assert.deepEqual(await anna.page.locator('.contacts-healed').allInnerTexts(), says ? [says] : [], typed);
  }
  const number = newNumber();
  await search(anna).fill(`8${number.slice(1)}`);
  await anna.page.getByRole('link', { name: 'Создать клиента с номером' }).click();
  await anna.page.getByRole('textbox', { name: 'Имя', exact: true }).fill('Клиент из поиска');
  await anna.page.keyboard.press('Enter');
  await anna.page.getByRole('heading', { level: 1, name: 'Клиент из поиска' }).waitFor();
  await anna.page.getByText(shown(number)).waitFor();
});

test('filters are chips in the address: mine, new ones, a tag', async () => {
  const mine = await keep('Мой Клиент', { responsible: office.anna.id, tags: ['редкая'] });
  const lead = await keep('Лид Чужой', { kind: 'lead', responsible: office.dasha.id, tags: ['редкая'] });
  const names = async () => (await rows(anna).locator('.row-open').allInnerTexts()).sort();
  await rows(anna).filter({ hasText: mine.name }).getByRole('link', { name: 'редкая' }).click();
  await until(async () => (await names()).join() === [lead.name, mine.name].join(), 'both have the tag');
  assert.equal(await address(anna), '/contacts?tag=редкая');
  await anna.page.getByRole('button', { name: 'Мои' }).click();
  await until(async () => (await names()).join() === mine.name, 'one of them is mine');
  await anna.page.reload();
  await until(async () => (await names()).join() === mine.name, 'a reload keeps it');
  await anna.page.getByRole('button', { name: 'Новые' }).click();
  await anna.page.getByText('С такими условиями никого нет.').waitFor();
  await anna.page.getByRole('button', { name: 'Мои' }).click();
  await until(async () => (await names()).join() === lead.name, 'the lead');
  await anna.page.getByRole('button', { name: 'Убрать условие: Метка: редкая' }).click();
  await until(async () => (await address(anna)) === '/contacts?kind=lead', 'the tag is gone');
});

test('a manager takes away whom the list shows, as a file in his language; an operator does not', async () => {
  const wanted = await keep('=Файловый Клиент', { tags: ['в файл'] });
  await keep('Чужой Клиент');
  assert.equal(await anna.page.getByRole('button', { name: 'Выгрузить' }).count(), 0);
  const boss = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await boss.signIn('boss', '/contacts?tag=в файл');
  await rows(boss).filter({ hasText: wanted.name }).waitFor();
  await boss.page.getByRole('button', { name: 'Выгрузить' }).click();
  await isAccessible(boss.page);
  const take = async (/** @type {string} */ name) => (await Promise.all([boss.page.waitForEvent('download'), boss.page.getByRole('link', { name }).click()]))[0];
  assert.equal((await take('Книга Excel')).suggestedFilename(), 'contacts.xlsx');
  assert.equal((await take('Карточки для телефона')).suggestedFilename(), 'contacts.vcf');
  const download = await take('Таблица CSV');
  assert.equal(download.suggestedFilename(), 'contacts.csv');
  const file = await readFile(await download.path(), 'utf8');
  assert.deepEqual(file.split('\r\n').map((row) => row.split(';').slice(0, 3).join()), ['\u{feff}Имя,Компания,Телефоны', `'=Файловый Клиент,,${wanted.phones[0].number}`, '']);
  await boss.leave();
});

test('a client is made, named, labelled, tagged and noted with the keyboard alone, on a Russian layout too', async () => {
  const press = (...keys) => keys.reduce((before, key) => before.then(() => anna.page.keyboard.press(key)), Promise.resolve());
  const type = (text) => anna.page.keyboard.insertText(text);
  const focused = (label) => until(() => anna.page.evaluate((label) => document.activeElement?.getAttribute('aria-label') === label || document.activeElement?.labels?.[0]?.textContent === label, label), `the focus is in ${label}`);
  // The key of `n` on a Russian layout.
  await anna.page.evaluate(() => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'т', code: 'KeyN', bubbles: true, cancelable: true })));
  await focused('Имя');
  await type('Клавиатурный Клиент');
  await press('Tab', 'Tab');
  await type(`+${newNumber()}`);
  await press('Enter');
  await anna.page.getByRole('heading', { level: 1, name: 'Клавиатурный Клиент' }).waitFor();
  const id = (await address(anna)).split('/')[2];
  await press('e');
  await focused('Имя');
  await press('Control+a');
  await type('Имя Второе');
  await press('Escape');
  assert.equal((await read({ id })).name, 'Клавиатурный Клиент');
  await press('Enter', 'Control+a');
  await type('Имя Третье');
  await press('Enter');
  await until(async () => (await read({ id })).name === 'Имя Третье', 'the name is kept');
  await until(() => anna.page.evaluate(() => document.activeElement?.matches('button#fact-name')), 'the field is closed, and the focus on what opens it');
  await press('n');
  await focused('Записать о клиенте');
  await type('Любит ромашки');
  await press('Control+Enter');
  await until(async () => (await read({ id })).note === 'Любит ромашки', 'the note is kept');
  await anna.page.locator('.moment-note', { hasText: 'Любит ромашки' }).waitFor();
  await anna.page.getByRole('button', { name: 'Подпись к' }).focus();
  await press('Enter');
  await type('домашний');
  await press('Enter');
  await until(async () => (await read({ id })).phones[0].label === 'домашний', 'the label is kept');
  await anna.page.getByRole('textbox', { name: 'Добавить метку' }).focus();
  await type('опт');
  await press('Enter');
  await until(async () => (await read({ id })).tags.join() === 'опт', 'the tag is kept');
});

test('j and k walk the rows, Enter opens one', async () => {
  const made = [await keep('Первый Ряд'), await keep('Второй Ряд')];
  await until(async () => (await rows(anna).first().innerText()).includes('Второй Ряд'), 'both are there');
  for (const key of ['j', 'j', 'k', 'j']) await anna.page.keyboard.press(key);
  await anna.page.keyboard.press('Enter');
  await anna.page.getByRole('heading', { level: 1, name: made[0].name }).waitFor();
});

test('facts are edited where they stand, each change is in the line of time and can be taken back', async () => {
  const contact = await keep('Правка На Месте', { company: 'Старая' });
  await opens(anna, contact);
  await anna.page.getByRole('button', { name: 'Компания: Старая. Изменить' }).click();
  await anna.page.getByRole('textbox', { name: 'Компания' }).fill('Новая');
  await anna.page.keyboard.press('Enter');
  const change = anna.page.locator('.moment', { hasText: 'Изменили контакт' });
  await until(async () => (await change.first().innerText()).includes('Компания: Старая → Новая'), 'the change is told');
  await anna.page.getByRole('button', { name: 'Вернуть' }).click();
  await until(async () => (await read(contact)).company === 'Старая', 'it is taken back');
  await anna.page.getByRole('combobox', { name: 'Ответственный' }).selectOption({ label: 'Дарья' });
  await until(async () => (await read(contact)).responsible?.name === 'Дарья', 'who answers for him');
  await anna.page.getByRole('button', { name: 'VIP' }).click();
  await until(async () => (await read(contact)).vip, 'a VIP');
  await talks(contact.phones[0].number.slice(1));
  await anna.page.locator('.moment').first().getByText('Входящий').waitFor();
  await anna.page.getByText('Контакт создан').waitFor();
});

test('what was promised in a talk stands in the line of time, and that it was kept', async () => {
  const client = await keep('Ждущая Клиентка');
  await talks(client.phones[0].number.slice(1));
  const { items: [call] } = await office.api('GET', `calls?contact=${client.id}`);
  await opens(anna, client);
  const { id } = await office.api('POST', 'promises', { call: call.id, user: office.anna.id, due_at: new Date(Date.now() + 3_600_000).toISOString(), text: 'прислать счёт' });
  const line = anna.page.locator('.moment-promise');
  await line.getByText('прислать счёт').waitFor();
  assert.match(await line.innerText(), /Обещали на (завтра )?\d\d:\d\d: прислать счёт/); // an hour from now may be tomorrow
  await office.api('PATCH', `promises/${id}`, { is_done: true });
  await line.getByText(/сделано/).waitFor();
});

test('what was promised without a call stands there too, and a number is blocked by asking twice and freed', async () => {
  const client = await keep('Назойливый Клиент');
  await opens(anna, client);
  await office.api('POST', 'promises', { contact: client.id, user: office.anna.id, due_at: new Date(Date.now() + 3_600_000).toISOString(), text: 'прислать прайс' });
  await anna.page.locator('.moment', { hasText: 'Обещали на' }).getByText('прислать прайс').waitFor();
  const [{ number }] = client.phones;
  const blocked = async () => (await office.api('GET', `numbers/${encodeURIComponent(number)}`)).blocked !== null;
  const press = (name) => anna.page.locator('.contact-phones').getByRole('button', { name }).click();
  await press(/^Заблокировать \+7/);
  await anna.page.getByText('Это номер клиента: его звонков никто не увидит.').waitFor();
  assert.equal(await blocked(), false);
  await press('Отмена');
  await press(/^Заблокировать \+7/);
  await press('Всё равно заблокировать');
  await anna.page.getByText('Номер заблокирован').waitFor();
  assert.equal(await blocked(), true);
  await isAccessible(anna.page, 'blocked');
  await press('Разблокировать');
  await anna.page.locator('.contact-phones').getByRole('button', { name: /^Заблокировать \+7/ }).waitFor();
  assert.equal(await blocked(), false);
});

test('a number that is another client\'s is told with the way to him', async () => {
  const [one, other] = [await keep('Хозяин Номера'), await keep('Другой Клиент')];
  await opens(anna, other);
  await anna.page.getByRole('button', { name: 'Добавить номер' }).click();
  await anna.page.getByRole('textbox', { name: 'Телефон' }).fill(one.phones[0].number);
  await anna.page.getByText('Этот номер уже есть у клиента').waitFor();
  assert.equal(await anna.page.getByRole('link', { name: one.name }).getAttribute('href'), `/contacts/${one.id}`);
  await anna.page.getByRole('button', { name: 'Всё равно добавить' }).click();
  await until(async () => (await read(other)).phones.length === 2, 'both have it');
  await anna.page.getByRole('button', { name: `Убрать номер ${shown(one.phones[0].number.slice(1))}` }).click();
  await until(async () => (await read(other)).phones.length === 1, 'it is gone again');
});

test('two windows that edit one field tell each other, and nothing is overwritten unseen', async () => {
  const contact = await keep('Два Окна', { company: 'Было' });
  await opens(anna, contact);
  const dasha = await Person.at(browser, office.address);
  await dasha.signIn('dasha', `/contacts/${contact.id}`);
  for (const person of [anna, dasha]) {
    await person.page.getByRole('button', { name: 'Компания: Было. Изменить' }).click();
  }
  await dasha.page.getByRole('textbox', { name: 'Компания' }).fill('От Дарьи');
  await dasha.page.keyboard.press('Enter');
  await anna.page.getByText('Пока вы писали, здесь стало: «От Дарьи».').waitFor();
  await anna.page.getByRole('textbox', { name: 'Компания' }).fill('От Анны');
  await anna.page.getByRole('button', { name: 'Оставить как есть' }).click();
  assert.equal((await read(contact)).company, 'От Дарьи');
  // The news has not come yet: the server refuses, and the field says what stands there.
  await anna.page.getByRole('button', { name: 'Компания: От Дарьи. Изменить' }).click();
  await anna.page.getByRole('textbox', { name: 'Компания' }).fill('От Анны');
  let isFirst = true;
  await anna.page.route('**/api/contacts/*', async (route) => {
    if (route.request().method() === 'PATCH' && isFirst) {
      isFirst = false;
      await office.api('PATCH', `contacts/${contact.id}`, { company: 'От Бориса' });
    }
    await route.continue();
  });
  await anna.page.getByRole('textbox', { name: 'Компания' }).press('Enter');
  await anna.page.getByText('Пока вы писали, здесь стало: «От Бориса».').waitFor();
  assert.equal((await read(contact)).company, 'От Бориса');
  await anna.page.getByRole('button', { name: 'Сохранить моё' }).click();
  await dasha.page.getByRole('button', { name: 'Компания: От Анны. Изменить' }).waitFor();
  await dasha.leave();
});

test('a deleted client can be taken back for a while, and goes then', async () => {
  const [stays, goes] = [await keep('Останется Здесь'), await keep('Уйдёт Совсем')];
  const boss = await Person.at(browser, office.address);
  await boss.signIn('boss', `/contacts/${stays.id}`);
  await boss.page.getByRole('button', { name: 'Удалить' }).click();
  await rows(boss).filter({ hasText: goes.name }).waitFor();
  assert.equal(await rows(boss).filter({ hasText: stays.name }).count(), 0);
  await boss.page.getByRole('button', { name: 'Вернуть' }).click();
  await rows(boss).filter({ hasText: stays.name }).waitFor();
  await rows(boss).getByRole('link', { name: goes.name }).click();
  await boss.page.getByRole('button', { name: 'Удалить' }).click();
  const isThere = () => office.api('GET', `contacts/${goes.id}`).then(() => true, () => false);
  await rows(boss).first().waitFor();
  assert.equal(await isThere(), true);
  await until(async () => !(await isThere()), 'it is gone', 12_000);
  assert.equal((await read(stays)).name, stays.name);
  await boss.leave();
  await opens(anna, stays);
  assert.equal(await anna.page.getByRole('button', { name: 'Удалить' }).count(), 0, 'an operator deletes nobody');
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`nothing is wrong for a screen reader nor too wide, ${width} px, ${colorScheme}`, async () => {
      const contact = await keep(`Вид ${width} ${colorScheme}`, { company: 'Компания '.repeat(12), tags: ['опт', 'юг', 'зима'], note: 'слово'.repeat(40), alert: 'Осторожно', vip: true });
      await talks(contact.phones[0].number.slice(1));
      await anna.clear();
      await anna.page.setViewportSize({ width, height });
      await anna.page.emulateMedia({ colorScheme });
      for (const [path, awaited] of [['/contacts', '.contact-row'], [`/contacts/${contact.id}`, '.moment'], ['/contacts/new?phone=101', '.new-contact'], ['/contacts?q=zzzzqq', '.empty']]) {
        await anna.page.goto(`${office.address}${path}`);
        await anna.page.locator(awaited).first().waitFor();
        await isAccessible(anna.page, path);
        assert.ok(await anna.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is not wider than the screen`);
      }
      await opens(anna, contact);
      await anna.page.getByRole('button', { name: 'Почта: не указано. Изменить' }).click();
      await isAccessible(anna.page, 'a field that is edited');
    });
  }
}

test('on a phone a client\'s page begins with who he is', async () => {
  const client = await keep('Телефонный Клиент');
  await anna.page.setViewportSize({ width: 390, height: 844 });
  await opens(anna, client);
  const { width, height } = await anna.page.getByRole('heading', { level: 1, name: client.name }).boundingBox();
  assert.ok(width > 100 && height > 20, `the name has ${width} × ${height} px`);
});
