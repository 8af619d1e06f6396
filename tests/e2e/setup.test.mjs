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

/** Дарья with the link before the last, and with the last. */
async function comesIn(first, second) {
  const dasha = await Person.at(browser, office.address);
  const { page } = dasha;
  const accept = async (link, password) => {
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('heading', { name: 'Придумайте пароль' }).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token stays in the address bar');
    assert.equal(await page.getByLabel('Логин').inputValue(), 'dasha');
    await page.getByLabel('Пароль', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Сохранить и войти' }).click();
  };
  await accept(first, PASSWORD);
  await page.getByText('Приглашение устарело, заменено или уже использовано.').waitFor();
  await isAccessible(page, 'the invitation');
  await accept(second, 'dasha');
  assert.equal(new URL(page.url()).pathname, '/invite', 'too short a password');
  await accept(second, PASSWORD);
  await dasha.isLive();
  assert.equal(new URL(page.url()).pathname, '/');
  const { login, role } = await page.evaluate(async () => (await fetch('/api/session')).json());
  assert.deepEqual({ login, role }, { login: 'dasha', role: 'manager' });
  await dasha.leave();
}

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
  const token = await page.getByLabel('Ключ нашей CRM').inputValue();
  assert.ok(token.length >= 20);
  assert.equal(await page.getByLabel('Адрес нашей CRM').inputValue(), `${office.address}/pbx`);
  await page.reload();
  assert.equal(await page.getByLabel('Ключ нашей CRM').inputValue(), token, 'what was pasted into the cabinet already is still right');
  await page.getByLabel('Адрес АТС').fill(office.pbx.url);
  await page.getByLabel('Ключ АТС').fill('our-key-at-the-pbx');
  await page.getByLabel('Название').fill('Облачная АТС');
  await isAccessible(page, 'the PBX step');
  office.pbx.refuses = true;
  const connect = page.getByRole('button', { name: 'Подключить и проверить' });
  await connect.click();
  await page.getByRole('alert').getByText('АТС').waitFor();
  office.pbx.refuses = false;
  await page.reload();
  await page.getByLabel('Ключ АТС').fill('our-key-at-the-pbx');
  await connect.click();

  await page.getByRole('heading', { name: 'Кто будет работать' }).waitFor();
  const { items } = await page.evaluate(async () => (await fetch('/api/integrations')).json());
  assert.deepEqual(items.map(({ name }) => name), ['Облачная АТС'], 'one PBX, however often one reloads');
  assert.equal(await page.getByLabel('Имя: Анна Смирнова').inputValue(), 'Анна Смирнова');
  assert.equal(await page.getByLabel('Логин: Анна Смирнова').inputValue(), 'anna');
  await page.getByLabel('Кем будет Анна Смирнова').selectOption({ label: 'Борис' });
  await page.getByLabel('Логин: Дарья Ким').fill('boss');
  await page.getByLabel('Кем будет Дарья Ким').selectOption({ label: 'Руководитель' });
  await isAccessible(page, 'the people step');
  await page.getByRole('button', { name: 'Добавить: 2' }).click();
  await page.getByRole('alert').getByText('логин').waitFor();
  await page.getByLabel('Логин: Дарья Ким').fill('dasha');
  await page.getByRole('button', { name: 'Добавить: 1' }).click();
  await page.getByText('Отправьте каждому его ссылку').waitFor();
  const first = await page.getByLabel('Ссылка для входа').inputValue();
  await isAccessible(page, 'the links');

  await page.reload();
  await page.getByRole('button', { name: 'Выдать ссылку для входа' }).click();
  const second = await page.getByLabel('Ссылка для входа').inputValue();
  await comesIn(first, second);
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

test('the set-up can be left for the workplace, and goes on where it was', async () => {
  const boss = await Person.at(browser, office.address);
  const { page } = boss;
  await boss.signIn('boss');
  await page.goto(`${office.address}/setup`);
  await page.getByRole('heading', { name: 'Кто будет работать' }).waitFor();
  await page.getByText('логин boss, линия anna').waitFor();
  await page.getByRole('button', { name: 'Изменить адрес или ключ' }).click();
  assert.equal(await page.getByLabel('Адрес АТС').inputValue(), office.pbx.url);
  await page.getByText('Ключ уже задан и больше не показывается.').waitFor();
  await page.getByRole('button', { name: 'Выдать новый ключ' }).click();
  const key = await page.getByLabel('Ключ нашей CRM').inputValue();
  assert.notEqual(key, office.pbx.token);
  office.pbx.token = key;
  await office.pbx.rings('79161234568', 'anna');
  await page.getByRole('button', { name: 'Пропустить, подключу позже' }).click();
  await boss.isLive();
  assert.equal(new URL(page.url()).pathname, '/');
  await boss.leave();
});
