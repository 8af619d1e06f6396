/** The first evening: the printed link, the first admin, the PBX, the first card. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, PASSWORD } from './support/office.mjs';

let browser;
let office;

before(async () => {
  browser = await launch();
  office = await Office.empty();
});

after(async () => {
  await browser?.close();
  await office?.close();
});

test('the sign-in page of an empty server says where the link is', async () => {
  const owner = await Person.at(browser, office.address);
  await owner.page.goto(`${office.address}/login`);
  await owner.page.getByText('по ссылке, которую сервер печатает при запуске').waitFor();
  await owner.leave();
});

test('the printed link leads to the first live card', async () => {
  const owner = await Person.at(browser, office.address);
  const { page } = owner;
  const link = new URL(office.setupLink);
  await page.goto(`${office.address}${link.pathname}${link.hash}`);
  await page.getByRole('heading', { name: 'Первый администратор' }).waitFor();
  assert.equal(new URL(page.url()).hash, '', 'the token stays in the address bar');
  await isAccessible(page, 'the first step');

  await page.getByLabel('Ваше имя').fill('Борис');
  await page.getByLabel('Логин').fill('boss');
  await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Создать и продолжить' }).click();

  await page.getByRole('heading', { name: 'Подключите АТС' }).waitFor();
  assert.equal(await page.getByLabel('Адрес нашей CRM').inputValue(), `${office.address}/pbx`);
  await page.getByLabel('Название').fill('Облачная АТС');
  await page.getByLabel('Адрес АТС').fill(office.pbx.url);
  await page.getByLabel('Ключ АТС').fill('our-key-at-the-pbx');
  await isAccessible(page, 'the PBX step');
  await page.getByRole('button', { name: 'Подключить' }).click();

  const token = await page.getByLabel('Ключ нашей CRM').inputValue();
  assert.ok(token.length >= 20);
  await page.getByRole('button', { name: 'Проверить связь' }).click();
  await page.getByText('АТС отвечает и принимает ключ. Сотрудников в ней: 2.').waitFor();
  await page.getByLabel('Чья линия Анна Смирнова').selectOption({ label: 'Борис' });
  await page.getByRole('button', { name: 'Сохранить линии' }).click();
  await page.getByText('Линии сохранены.').waitFor();
  await isAccessible(page, 'the people step');
  await page.getByRole('button', { name: 'Дальше' }).click();

  await page.getByRole('heading', { name: 'Позвоните на любой номер компании' }).waitFor();
  office.pbx.connect(office, { crm_token: token });
  await office.pbx.rings('79161234567', 'anna');
  await page.getByText('Звонок дошёл. Всё работает.').waitFor();
  await owner.card('+7 916 123-45-67', 'ringing').waitFor();
  await isAccessible(page, 'the first card');
  await page.getByRole('link', { name: 'Открыть рабочее место' }).click();
  await owner.isLive();
  await owner.leave();
});
