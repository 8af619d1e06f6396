/** Clients come in as a file: chosen, corrected, counted, made, and taken back. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
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

const FILE = ['ФИО;Рабочий телефон;Город;Ответственный', 'Файлов Пётр;8 933 111-22-33, 84951112233;Тула;Анна', 'Файлова Ольга;нет;Орёл;Кто-то Прежний', 'Файлов Олег;89331112244;;'].join('\n');
const figure = (name) => boss.page.locator('.import-rows div').filter({ hasText: name }).locator('dd').innerText();
const names = async () => (await office.api('GET', 'contacts?q=файлов')).items.map(({ name }) => name).sort();

test('a file is looked at, corrected and counted; its clients come, and go again as a whole', async () => {
  await boss.signIn('boss', '/contacts');
  await boss.page.getByRole('link', { name: 'Загрузить' }).click();
  await boss.page.getByText('Ещё ничего не загружали.').waitFor();
  await isAccessible(boss.page);
  await boss.page.getByLabel('Выбрать файл').setInputFiles({ name: 'клиенты.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
  await boss.page.getByRole('heading', { name: 'клиенты.csv' }).waitFor();
  const column = (name) => boss.page.getByRole('combobox', { name: `Что в столбце «${name}»` });
  assert.deepEqual(await Promise.all(['ФИО', 'Рабочий телефон', 'Город', 'Ответственный'].map((name) => column(name).inputValue())), ['name', 'phones', '', 'responsible']);
  await column('Город').selectOption('note');
  await boss.page.getByRole('button', { name: 'Проверить' }).click();
  await until(async () => (await figure('Новых клиентов')) === '2', 'two can be made');
  assert.equal(await figure('Строк с ошибками'), '1');
  assert.deepEqual(await names(), [], 'nothing is made yet');
  await isAccessible(boss.page);
  await boss.page.getByRole('button', { name: 'Загрузить 2 строки' }).click();
  await boss.page.getByText('Загружено', { exact: true }).waitFor();
  assert.deepEqual(await names(), ['Файлов Олег', 'Файлов Пётр']);
  const [petr] = (await office.api('GET', 'contacts?q=файлов пётр')).items;
  assert.deepEqual([petr.note, petr.responsible.login, petr.phones.map(({ number, label }) => `${label} ${number}`)], ['Тула', 'anna', ['рабочий +79331112233', 'рабочий +74951112233']]);
  await boss.page.reload();
  await boss.page.getByText('Загружено', { exact: true }).waitFor();
  await isAccessible(boss.page);
  await boss.page.getByRole('button', { name: 'Отменить загрузку' }).click();
  await boss.page.getByText('Удалено 2, возвращено 0').waitFor();
  assert.deepEqual(await names(), []);
  await boss.page.getByRole('link', { name: 'Другой файл' }).click();
  await boss.page.getByText('Отменено').waitFor();
});

test('a workbook comes in from the sheet that is chosen, and what was not taken leaves as a file', async () => {
  const openpyxl = await readFile(new URL('../data/clients-openpyxl.xlsx', import.meta.url));
  await boss.page.goto(`${office.address}/contacts/import`);
  await boss.page.getByLabel('Выбрать файл').setInputFiles({ name: 'книга.xlsx', mimeType: 'application/octet-stream', buffer: openpyxl });
  await boss.page.getByText('2 строки, лист «Клиенты»').waitFor();
  await isAccessible(boss.page);
  await boss.page.getByLabel('Лист книги').selectOption('Архив');
  await boss.page.getByText('1 строка, лист «Архив»').waitFor();
  await boss.page.reload();
  await boss.page.getByText('Чтобы взять другой лист, выберите файл ещё раз.').waitFor();
  await boss.page.getByRole('link', { name: 'Другой файл' }).click();
  await boss.page.getByLabel('Выбрать файл').setInputFiles({ name: 'к.csv', mimeType: 'text/csv', buffer: Buffer.from('ФИО;Телефон\nКнижный Пётр;89331119988\nКнижная Анна;нет') });
  await boss.page.getByRole('button', { name: 'Проверить' }).click();
  await boss.page.getByRole('button', { name: 'Загрузить 1 строку' }).click();
  const link = boss.page.getByRole('link', { name: 'Скачать строки с ошибками' });
  const [download] = await Promise.all([boss.page.waitForEvent('download'), link.click()]);
  assert.equal(download.suggestedFilename(), 'problems.csv');
  assert.equal(await readFile(await download.path(), 'utf8'), '\u{feff}ФИО;Телефон;Причина\r\nКнижная Анна;нет;Телефоны: это не номер телефона\r\n');
});
