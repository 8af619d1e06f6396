/** Clients who may be one: found, compared, made one, and parted again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

let browser;
let office;
let boss;

before(async () => {
  browser = await launch();
  office = await Office.open();
  boss = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
});

after(async () => {
  await boss?.leave();
  await browser?.close();
  await office?.close();
});

test('a pair is found, compared and made one; the old address leads on; it is parted where it is told', async () => {
  const number = '+79334567001';
  const make = (contact) => office.api('POST', 'contacts', contact);
  const one = await make({ name: 'Повторов Пётр', phones: [{ number }], note: 'Давний', email: 'p@example.org' });
  const other = await make({ name: 'Пётр Повторов', company: 'Ромашка', phones: [{ number: '+79334567002' }, { number }], note: 'Звонить утром' });
  await boss.signIn('boss', '/contacts');
  await boss.page.getByRole('link', { name: 'Повторы' }).click();
  await boss.page.getByText('Один номер: +7 933 456-70-01').waitFor();
  await isAccessible(boss.page);
  await boss.page.getByRole('link', { name: 'Сравнить' }).click();
  await boss.page.getByRole('heading', { name: 'Объединить клиентов' }).waitFor();
  const choice = (words) => boss.page.getByRole('radio', { name: words });
  await until(async () => (await choice('Повторов Пётр').count()) === 1, 'both names are shown');
  await isAccessible(boss.page);
  await choice('Пётр Повторов').check();
  await boss.page.getByRole('button', { name: 'Объединить' }).click();
  await boss.page.getByRole('heading', { level: 1, name: 'Пётр Повторов' }).waitFor();
  const [mine, theirs] = [one, other].sort((a, b) => (a.id < b.id ? -1 : 1));
  const merged = await office.api('GET', `contacts/${theirs.id}`);
  assert.equal(merged.id, mine.id);
  assert.deepEqual(merged.phones.map(({ number }) => number).sort(), [number, '+79334567002']);
  assert.equal(merged.note, [mine.note, theirs.note].join('\n\n'));
  await boss.page.goto(`${office.address}/contacts/${theirs.id}`);
  await boss.page.waitForURL(`**/contacts/${mine.id}`);
  await boss.page.getByText('Объединили с').waitFor();
  await isAccessible(boss.page);
  await boss.page.getByRole('button', { name: 'Разъединить' }).click();
  await until(async () => (await office.api('GET', `contacts/${theirs.id}`)).id === theirs.id, 'they are two again');
  assert.deepEqual(await office.api('GET', `contacts/${theirs.id}`), theirs);
  assert.deepEqual(await office.api('GET', `contacts/${mine.id}`), mine);
  await until(async () => (await boss.page.getByText('Объединили с').count()) === 0, 'the page hears of it');
});

test('another client is looked for from his page; who is nobody else has no duplicates', async () => {
  const one = await office.api('POST', 'contacts', { name: 'Одинокова Анна' });
  await office.api('POST', 'contacts', { name: 'Сестринская Ольга' });
  await boss.page.goto(`${office.address}/contacts/${one.id}`);
  await boss.page.getByRole('link', { name: 'Объединить' }).click();
  await boss.page.getByRole('searchbox').last().fill('Сестрин');
  await boss.page.getByRole('button', { name: 'Сравнить' }).click();
  await until(async () => (await boss.page.locator('.merge-table th a').count()) === 2, 'both stand side by side');
  await boss.page.getByRole('button', { name: 'Поменять местами' }).click();
  await until(async () => (await boss.page.locator('.merge-table th a').first().innerText()) === 'Сестринская Ольга', 'the other way round');
});
