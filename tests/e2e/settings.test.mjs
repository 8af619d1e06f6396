/** The settings: what an owner connects, whom he lets in, what goes by itself, and whether it all works. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, PASSWORD, until } from './support/office.mjs';

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

test('what is to be done first has its proof', async () => {
  await open('start');
  await boss.page.getByText('Готово 5 из 7').waitFor();
  await boss.page.getByText(/^Последнее сообщение/).waitFor();
  await link('Назвать номера компании').click();
  await boss.page.getByPlaceholder('Номер', { exact: true }).fill('84951234567');
  await boss.page.getByPlaceholder('Название: Сайт, Авито…').fill('Сайт');
  await press('Добавить');
  await until(async () => (await office.api('GET', 'settings')).numbers.length === 1, 'the number is kept');
  assert.deepEqual((await office.api('GET', 'settings')).numbers, [{ number: '+74951234567', label: 'Сайт' }]);
  await press('Убрать номер +7 495 123-45-67');
  await until(async () => (await office.api('GET', 'settings')).numbers.length === 0, 'the number is gone');
});

test('who an unknown login is, and what a number is for, is asked and answered by one click each', async () => {
  await office.pbx.event('INCOMING', 'unknown', 'petr', '79210000009', { diversion: '74951112233' });
  await open('people');
  await boss.page.getByRole('heading', { name: 'Кто это?' }).waitFor();
  await isAccessible(boss.page, 'who is it');
  await boss.page.locator('.row', { hasText: 'petr' }).getByRole('link', { name: 'Новый сотрудник' }).click();
  await field('Имя').fill('Пётр');
  await boss.page.locator('#person-login').fill('petr');
  await press('Пригласить');
  await press('Готово');
  await until(async () => (await office.api('GET', 'unnamed')).items.every(({ name }) => name !== 'petr'), 'he is known');
  await boss.page.goto(`${office.address}/settings/rules`);
  await boss.page.locator('.row', { hasText: '111-22-33' }).getByRole('link', { name: 'Назвать' }).click();
  await boss.page.getByPlaceholder('Название: Сайт, Авито…').fill('Авито');
  await press('Добавить');
  await until(async () => (await office.api('GET', 'settings')).numbers.some(({ label }) => label === 'Авито'), 'it has a name');
  await office.api('PATCH', 'settings', { numbers: [] });
});

test('a login that is nobody is put away for good, and asked for again by one click', async () => {
  await office.pbx.event('INCOMING', 'a-fax', 'fax', '79210000010');
  const isNobody = async () => (await office.api('GET', 'unnamed')).items.find(({ name }) => name === 'fax')?.is_nobody;
  await open('people');
  const row = (panel) => boss.page.locator('.panel', { has: boss.page.getByRole('heading', { name: panel }) }).locator('.row', { hasText: 'fax' });
  await press('Больше не спрашивать о fax');
  await row('О ком не спрашиваем').waitFor();
  assert.equal(await isNobody(), true);
  await isAccessible(boss.page, 'nobodies');
  await press('Вернуть');
  await row('Кто это?').waitFor();
  await press('Больше не спрашивать о fax');
  await press('Спросить снова: fax');
  await row('Кто это?').waitFor();
  assert.equal(await isNobody(), false);
  await press('Больше не спрашивать о fax');
  await row('О ком не спрашиваем').waitFor();
});

test('a trial call rings this screen before any PBX is connected, says what it is, and is no work for anybody', async () => {
  const fresh = await Office.empty();
  await fresh.api('POST', 'setup', { token: fresh.setupLink.split('#')[1], login: 'boss', name: 'Борис', password: PASSWORD });
  const owner = await Person.at(browser, fresh.address, { viewport: { width: 1440, height: 900 } });
  await owner.signIn('boss', '/settings/start');
  await owner.page.getByRole('button', { name: 'Понарошку позвонить' }).click();
  await owner.card('Это проба', 'ringing').getByText('проба', { exact: true }).waitFor();
  await isAccessible(owner.page, 'a trial rings');
  await owner.card('', 'mine').waitFor();
  await owner.page.goto(`${fresh.address}/calls`);
  await owner.page.locator('.call-line').getByText('проба').waitFor();
  await owner.card('', 'ended').waitFor({ timeout: 20_000 });
  const { items: [call] } = await fresh.api('GET', 'calls');
  assert.deepEqual([call.is_trial, call.state, call.user.login, call.recording.state], [true, 'answered', 'boss', 'none']);
  for (const list of ['integrations', 'missed', 'contacts', 'outbox']) assert.deepEqual((await fresh.api('GET', list)).items, [], list);
  await owner.leave();
  await fresh.close();
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
  await press('Пригласить');
  await boss.page.getByRole('alert').getByText('Эта линия уже принадлежит другому сотруднику.').waitFor();
  await field('Логин или номер линии 1').fill('egor');
  await press('Пригласить');
  const url = await field('Ссылка для входа').inputValue();
  await press('Готово');
  await link('Егор').waitFor();
  await egorComes(url);
  const made = (await office.api('GET', 'users')).items.find(({ login }) => login === 'egor');
  assert.deepEqual([made.role, made.lines.map(({ account }) => account)], ['operator', ['egor']]);
  await link('Егор').click();
  await press('Удалить сотрудника');
  await press('Удалить сейчас');
  await link('Анна').waitFor();
  assert.equal(await link('Егор').count(), 0);
});

/** He sets a password by the link, which is good once. */
async function egorComes(url) {
  const egor = await Person.at(browser, office.address);
  await egor.page.goto(url);
  await egor.page.getByLabel('Пароль', { exact: true }).fill('correct horse battery');
  await egor.page.getByRole('main').getByRole('button').last().click();
  await egor.isLive();
  await egor.leave();
}

test('whoever is known gets another link, and one may set the password oneself', async () => {
  await open('people');
  await link('Дарья').click();
  await press('Новая ссылка для входа');
  assert.match(await field('Ссылка для входа').inputValue(), /\/invite#token=.+&login=dasha$/);
  await press('Готово');
  await link('Новый сотрудник').click();
  await field('Логин').fill('fedor');
  await press('Задать пароль самому');
  await field('Пароль').fill('correct horse battery');
  await press('Сохранить');
  await link('fedor').waitFor();
});

test('outcomes are renamed, ordered, added, archived and brought back; what is refused is said beside its name', async () => {
  const names = async (isArchived = false) => (await office.api('GET', 'settings')).outcomes.filter((one) => one.is_archived === isArchived).map(({ name }) => name);
  const [{ id }] = (await office.api('GET', 'settings')).outcomes;
  await open('outcomes');
  await field('Название итога «Заказ»').fill('Вопрос');
  await field('Название итога «Заказ»').blur();
  await boss.page.getByRole('alert').getByText('указано дважды').waitFor();
  await boss.page.getByLabel('Название итога «Вопрос»').first().fill('Продажа');
  await boss.page.getByLabel('Название итога «Вопрос»').first().blur();
  await until(async () => (await names())[0] === 'Продажа', 'it has its new name');
  await until(async () => (await boss.page.getByRole('alert').count()) === 0, 'nothing is refused any more');
  assert.equal((await office.api('GET', 'settings')).outcomes[0].id, id, 'and is the same one');
  await press('Ниже: Продажа');
  await until(async () => (await names())[1] === 'Продажа', 'it stands below');
  await boss.page.getByLabel('Новый итог: Запись, Отказ…').fill('Запись');
  await press('Добавить');
  await field('Название итога «Запись»').waitFor();
  await boss.page.getByRole('group', { name: 'Для каких звонков «Запись»' }).getByRole('button', { name: 'Пропущенные' }).click();
  await field('Что спросить после «Запись»').selectOption('note');
  await until(async () => (await office.api('GET', 'settings')).outcomes.some(({ name, applies, asks }) => name === 'Запись' && applies.join() === 'in,out' && asks === 'note'), 'it is kept as it was set');
  await press('В архив: Запись');
  await until(async () => (await names(true)).join() === 'Запись', 'it is in the archive');
  await boss.page.getByLabel('Новый итог: Запись, Отказ…').fill('Запись');
  await press('Добавить');
  await until(async () => (await names(true)).length === 0, 'one of the archive comes back by its name');
  assert.deepEqual(await names(), ['Вопрос', 'Продажа', 'Перезвонить', 'Не наш клиент', 'Запись']);
});

test('working hours, days that differ and sites are set, and what is wrong is said where it stands', async () => {
  await open('hours');
  await boss.page.getByRole('switch', { name: 'Работаем по часам' }).click();
  await field('Понедельник: конец 1').fill('1330');
  await press('Добавить часы: Понедельник');
  await field('Понедельник: начало 2').fill('14');
  await field('Понедельник: конец 2').fill('24:00');
  await press('Вторник–пятница как понедельник');
  await field('Часовой пояс').fill('Europe/Moskva');
  await boss.page.getByText('Выберите из списка, например Europe/Moscow.').waitFor();
  await press('Добавить дни');
  await field('Другие дни 1: с').fill('2026-12-31');
  assert.equal(await field('Другие дни 1: по').inputValue(), '2026-12-31', 'a single day is the rule');
  await field('Другие дни 1: по').fill('2026-12-30');
  await field('Другие дни 1: название').fill('Новый год');
  await press('Добавить филиал');
  await boss.page.getByLabel('Название', { exact: true }).fill('Петербург');
  await field('Номера филиала').fill('8 812 123-45-67, без номера');
  await field('Пропущенному — в течение').fill('20');
  await press('Сохранить');
  await boss.page.getByRole('alert').getByText('Не сохранено: исправьте отмеченное.').waitFor();
  await boss.page.getByRole('alert').getByText('такого нет').waitFor();
  await boss.page.getByRole('alert').getByText('записано неверно').waitFor();
  await boss.page.getByRole('alert').getByText('без номера это не номер телефона').waitFor();
  await isAccessible(boss.page, 'refused hours');
  await field('Часовой пояс').fill('Europe/Moscow');
  await field('Другие дни 1: по').fill('2027-01-08');
  await field('Номера филиала').fill('8 812 123-45-67');
  await press('Сохранить');
  await boss.page.getByText('Сохранено.').waitFor();
  const { working_hours: { zone, days, exceptions }, sites, callback_min } = await office.api('GET', 'settings');
  const long = [{ from: '09:00', to: '13:30' }, { from: '14:00', to: '24:00' }];
  assert.deepEqual({ zone, mon: days.mon, fri: days.fri, sat: days.sat, callback_min }, { zone: 'Europe/Moscow', mon: long, fri: long, sat: undefined, callback_min: 20 });
  assert.deepEqual(exceptions, [{ from: '2026-12-31', to: '2027-01-08', name: 'Новый год', intervals: [] }]);
  assert.deepEqual(sites.map(({ name, numbers }) => [name, numbers]), [['Петербург', ['+78121234567']]]);
  await field('Понедельник: конец 1').fill('сегодня');
  await press('Вернуть как было');
  assert.equal(await field('Понедельник: конец 1').inputValue(), '13:30');
  assert.equal(await boss.page.getByRole('button', { name: 'Сохранить' }).count(), 0, 'there is nothing to save');
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
  await boss.page.getByRole('button', { name: 'Ход звонка' }).last().click();
  await boss.page.getByText('79210000001').waitFor();
  await boss.page.getByRole('button', { name: 'Показать новые сообщения' }).waitFor();
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

test('an operator has this browser and his sign-in alone', async () => {
  await boss.signIn('anna', '/settings/people');
  await boss.page.getByRole('switch', { name: 'Звук звонка' }).waitFor();
  assert.equal(await boss.page.getByRole('navigation', { name: 'Разделы настроек' }).getByRole('link').count(), 2);
});

test('a program’s key is shown once, works, and ends by two clicks; the audit names it all', async () => {
  await open('tokens');
  await field('Для чего').fill('Сайт');
  await press('Создать ключ');
  const key = await boss.page.locator('#token-made').inputValue();
  await isAccessible(boss.page, 'a key just made');
  const ask = async () => (await fetch(`${office.address}/api/contacts`, { headers: { authorization: `Bearer ${key}` } })).status;
  assert.equal(await ask(), 200);
  await press('Готово, ключ сохранён');
  await boss.page.reload();
  await boss.page.locator('.row', { hasText: 'Сайт' }).getByText(/^использован/).waitFor();
  assert.ok(!(await boss.page.content()).includes(key));
  await press('Отключить: Сайт');
  await press('Отключить сейчас: Сайт');
  await boss.page.getByText('Ключей нет.').waitFor();
  assert.equal(await ask(), 401);
  await boss.page.goto(`${office.address}/settings/audit`);
  const rows = boss.page.locator('.settings-part .row');
  await rows.filter({ hasText: 'Отключён ключ программы' }).waitFor();
  assert.match(await rows.first().innerText(), /Отключён ключ программы\s+Сайт/);
  await rows.filter({ hasText: 'Создан ключ программы' }).first().waitFor();
});

/** The code of an authenticator app, so many half minutes from now (RFC 6238). */
function codeOf(spelled, ahead = 0) {
  const bits = [...spelled].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac('sha1', key).update(step).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('sign-in with a code: turned on, asked for, without the phone, turned off', async () => {
  await open('security');
  await press('Включить');
  const secret = await boss.page.locator('#factor-secret').inputValue();
  await boss.page.locator('.qr').waitFor();
  await isAccessible(boss.page, 'the first code');
  await field('Код, который показало приложение').fill(codeOf(secret));
  await press('Включить вход с кодом');
  await boss.page.getByText('Вход с кодом включён.').waitFor();
  await isAccessible(boss.page, 'recovery codes');
  const recovery = await boss.page.locator('.recovery-codes li').first().innerText();
  await press('Коды сохранены');

  const phoneless = await Person.at(browser, office.address);
  await phoneless.page.goto(`${office.address}/login?next=/settings/security`);
  await phoneless.page.getByLabel('Логин').fill('boss');
  await phoneless.page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  const signIn = phoneless.page.getByRole('button', { name: 'Войти', exact: true });
  await signIn.click();
  await phoneless.page.getByLabel('Код из приложения').fill('000000');
  await isAccessible(phoneless.page, 'a code is asked for');
  await signIn.click();
  await phoneless.page.getByText('Код не подошёл или уже использован. Введите следующий.').waitFor();
  await phoneless.page.getByLabel('Код из приложения').fill(codeOf(secret, 1));
  await signIn.click();
  await phoneless.page.getByRole('heading', { name: 'Вход с кодом' }).waitFor();
  await phoneless.page.getByRole('switch', { name: 'Требовать код от администраторов' }).isEnabled();
  await boss.page.reload();
  const sessions = boss.page.locator('.panel', { hasText: 'Где выполнен вход' }).locator('.row');
  await sessions.filter({ hasText: 'этот браузер' }).waitFor();
  await isAccessible(boss.page, 'where one is signed in');
  await sessions.filter({ hasText: 'последний раз' }).first().getByRole('button', { name: 'Завершить' }).click();
  await phoneless.page.waitForURL(/\/login/, { timeout: 20_000 });
  await phoneless.leave();
  const again = await fetch(`${office.address}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'boss', password: PASSWORD, code: recovery }) });
  assert.equal(again.status, 200);

  await field('Пароль').fill(PASSWORD);
  await press('Выключить вход с кодом');
  await boss.page.getByText('Вход с кодом выключен.').waitFor();
  await boss.page.getByRole('button', { name: 'Включить', exact: true }).waitFor();
});
