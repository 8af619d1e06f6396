/** The settings: what an owner connects, whom he lets in, what goes by itself, and whether it all works. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

const PARTS = ['start', 'integrations', 'people', 'rules', 'health', 'journal', 'outbox', 'browser'];
let browser;
let office;
let boss;

before(async () => {
  browser = await launch();
  office = await Office.open();
  await office.pbx.rings('79210000001', 'anna');
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  boss = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
});

afterEach(() => boss.leave());

const open = (part) => boss.signIn('boss', `/settings/${part}`);
const press = (name) => boss.page.getByRole('button', { name }).click();
const link = (name) => boss.page.getByRole('main').getByRole('link', { name });
const field = (name) => boss.page.getByLabel(name, { exact: true });

for (const colorScheme of ['light', 'dark']) {
  test(`every part is accessible and says what it holds, ${colorScheme}`, async () => {
    await boss.page.emulateMedia({ colorScheme });
    await open('start');
    for (const part of PARTS) {
      await boss.page.goto(`${office.address}/settings/${part}`);
      await boss.page.locator('.settings-part .row, .settings-part label, .settings-part .empty').first().waitFor();
      for (const width of [1440, 390]) {
        await boss.page.setViewportSize({ width, height: 900 });
        await isAccessible(boss.page);
        const sideways = await boss.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(sideways <= 0, `${part} at ${width} is ${sideways} px too wide`);
      }
    }
  });
}

test('what is to be done first has its proof', async () => {
  await open('start');
  await boss.page.getByText('Готово 5 из 6').waitFor();
  await boss.page.getByText(/^Последнее сообщение/).waitFor();
  await link('Назвать номера компании').click();
  await boss.page.getByPlaceholder('Номер', { exact: true }).fill('84951234567');
  await boss.page.getByPlaceholder('Название: Сайт, Авито…').fill('Сайт');
  await press('Добавить');
  await boss.page.getByText('+7 495 123-45-67').waitFor();
  assert.deepEqual((await office.api('GET', 'settings')).numbers, [{ number: '+74951234567', label: 'Сайт' }]);
  await press('Убрать номер +7 495 123-45-67');
  await until(async () => (await office.api('GET', 'settings')).numbers.length === 0, 'the number is gone');
});

test('a system is connected, checked, changed and let go', async () => {
  await open('integrations');
  await link('Mango').click();
  await field('Адрес коллтрекинга').fill('не адрес');
  await field('Ключ Mango').fill('secret-of-mango');
  await boss.page.getByRole('button', { name: 'Подключить' }).evaluate((button) => (button.form.noValidate = true));
  await press('Подключить');
  await boss.page.getByRole('alert').getByText('Адрес: нужен полный адрес, начинается с https:// или http://.').waitFor();
  await field('Адрес коллтрекинга').fill('http://127.0.0.1:9/v1');
  await press('Подключить');
  await boss.page.getByRole('heading', { level: 2, name: 'Mango' }).waitFor();
  await press('Проверить связь');
  await boss.page.getByText(/Mango: по этому адресу никто не отвечает/).waitFor();
  await boss.page.reload();
  assert.equal(await field('Ключ Mango').inputValue(), '', 'a secret is never shown');
  await field('Название').fill('Коллтрекинг');
  await field('Какие звонки передавать').selectOption('in');
  await press('Сохранить');
  await until(async () => (await office.api('GET', 'integrations')).items.some(({ name, settings }) => name === 'Коллтрекинг' && settings.directions === 'in' && settings.token === 'set'), 'it is kept');
  await press('Отключить');
  await press('Отключить сейчас');
  await link('pbx').waitFor();
  assert.equal(await link('Коллтрекинг').count(), 0);
});

test('the PBX gets a new key, shown once', async () => {
  await open('integrations');
  await link('pbx').click();
  assert.equal(await field('Адрес нашей CRM — вставьте в кабинет АТС').inputValue(), `${office.address}/pbx`);
  await press('Новый ключ для АТС');
  const key = await field('Ключ нашей CRM — вставьте в кабинет АТС').inputValue();
  assert.ok(key.length >= 20);
  await boss.page.reload();
  await field('Ключ АТС').waitFor();
  assert.equal(await field('Ключ нашей CRM — вставьте в кабинет АТС').count(), 0);
});

test('a person is let in with a line, and let go', async () => {
  await open('people');
  await link('Новый сотрудник').click();
  await field('Имя').fill('Егор');
  await field('Логин').fill('egor');
  await press('Добавить линию');
  await field('Логин или номер линии 1').fill('anna');
  await field('Пароль').fill('correct horse battery');
  await press('Сохранить');
  await boss.page.getByRole('alert').getByText('Эта линия уже принадлежит другому сотруднику.').waitFor();
  await field('Логин или номер линии 1').fill('egor');
  await press('Сохранить');
  await link('Егор').waitFor();
  const made = (await office.api('GET', 'users')).items.find(({ login }) => login === 'egor');
  assert.deepEqual([made.role, made.lines.map(({ account }) => account)], ['operator', ['egor']]);
  await link('Егор').click();
  await press('Удалить сотрудника');
  await press('Удалить сейчас');
  await link('Анна').waitFor();
  assert.equal(await link('Егор').count(), 0);
});

test('a rule is kept at once, and a refused one goes back', async () => {
  await open('rules');
  await boss.page.getByRole('switch', { name: 'Новый клиент после пропущенного' }).click();
  await until(async () => (await office.api('GET', 'settings')).lead_on_missed === false, 'the rule is kept');
  await boss.page.getByText('Сохранено.').waitFor();
  await field('Звонки').fill('0');
  await field('Звонки').blur();
  await boss.page.getByText(/Срок хранения: нужно число от 1/).waitFor();
  await until(async () => (await field('Звонки').inputValue()) === '', 'what was refused goes back');
});

test('a message of the PBX is looked at and read again', async () => {
  await open('journal');
  await press('event');
  await boss.page.getByText('79210000001').waitFor();
  assert.match(await boss.page.locator('.push-body').innerText(), /crm_token\s+\*+/);
  await press('Прочитать ещё раз');
  await boss.page.getByText('Сообщение прочитано ещё раз.').waitFor();
});

test('the doctor says what works, in words and as a text for support', async () => {
  await open('health');
  await boss.page.getByText('Читается и пишется.').waitFor();
  await boss.page.getByText(/^Последнее пришло/).waitFor();
  await boss.page.getByRole('button', { name: 'Скопировать для поддержки' }).waitFor();
});

test('an operator has this browser alone', async () => {
  await boss.signIn('anna', '/settings/people');
  await boss.page.getByRole('switch', { name: 'Звук звонка' }).waitFor();
  assert.equal(await boss.page.getByRole('navigation', { name: 'Разделы настроек' }).getByRole('link').count(), 1);
});
