/** What a call needs around it: who is rung back, what the desk phone shows, whose calls disturb nobody. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

const SHOTS = process.env.RINGCARD_SHOTS;
let browser;
let office;
let person;
let client = 9_410_000_000;
const newNumber = () => `7${++client}`;

before(async () => {
  browser = await launch();
  office = await Office.open();
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  person = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
});

afterEach(async () => {
  await person.leave();
  for (const { number } of (await office.api('GET', 'numbers?limit=200')).items) await office.api('DELETE', `numbers/${encodeURIComponent(number)}/block`);
  for (const { id } of (await office.api('GET', 'missed?limit=200')).items) await office.api('PATCH', `missed/${id}`, { state: 'closed', reason: 'test' });
});

const press = (name) => person.page.getByRole('button', { name, exact: true }).click();
const path = (number) => `numbers/${encodeURIComponent(`+${number}`)}`;

/** Both looks at both widths. */
async function shots(name) {
  for (const colorScheme of ['light', 'dark']) {
    await person.page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await person.page.setViewportSize({ width, height: 900 });
      await isAccessible(person.page);
      const sideways = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `${name} at ${width} is ${sideways} px too wide`);
      if (SHOTS) await person.page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await person.page.setViewportSize({ width: 1440, height: 900 });
}

async function misses(number) {
  await office.pbx.history(await office.pbx.rings(number), 'pbx', number, { status: 'missed', duration: '0' });
}

test('the card says whose call is returned', async () => {
  const number = newNumber();
  await office.pbx.history('in-vain', 'boris', number, { type: 'out', status: 'Busy', duration: '0' });
  await person.signIn('anna', '/');
  await person.isLive();
  await office.pbx.rings(number, 'anna');
  const fact = person.page.locator('[data-returns]');
  await fact.waitFor();
  assert.match(await fact.innerText(), /Перезванивает\s+после звонка: Борис/);
  await shots('returns');
  await person.clear();
});

test('a row is blocked and taken back, and the card of a blocked number goes', async () => {
  const number = newNumber();
  await misses(number);
  await person.signIn('anna', '/missed');
  const row = person.page.locator(`[data-missed="+${number}"]`);
  await row.hover();
  await row.getByRole('button', { name: /^Заблокировать:/ }).click();
  await row.waitFor({ state: 'detached' });
  await press('Вернуть');
  await row.waitFor();
  assert.equal((await office.api('GET', path(number))).blocked, null);

  const other = newNumber();
  await office.pbx.rings(other, 'anna');
  await person.page.locator('.card, .strip').first().waitFor();
  await office.api('PUT', `${path(other)}/block`, { why: 'Реклама' });
  await until(async () => (await person.page.locator('.card, .strip').count()) === 0);
  await person.clear();
});

test('the drawer of a call blocks a client only when asked twice, and unblocks him', async () => {
  const number = newNumber();
  await office.api('POST', 'contacts', { name: 'Пётр', phones: [{ number: `+${number}` }] });
  await misses(number);
  const [call] = (await office.api('GET', `calls?phone=${encodeURIComponent(`+${number}`)}`)).items;
  await person.signIn('anna', `/calls?call=${call.id}`);
  await press('Заблокировать');
  await person.page.getByText('Это номер клиента').waitFor();
  assert.equal((await office.api('GET', path(number))).blocked, null);
  await press('Всё равно заблокировать');
  await person.page.getByText('Номер заблокирован', { exact: true }).waitFor();
  await shots('drawer-blocked');
  await press('Разблокировать');
  await person.page.getByRole('button', { name: 'Заблокировать', exact: true }).waitFor();
});

test('the owner lists, adds and frees blocked numbers; what another one blocks comes by itself', async () => {
  await person.signIn('boss', '/settings/blocked');
  await person.page.getByText('Ни один номер не заблокирован.').waitFor();
  await person.page.getByPlaceholder('Номер', { exact: true }).fill('8 941 555 01 01');
  await person.page.getByPlaceholder('Почему: реклама…').fill('Шутники');
  await press('Заблокировать');
  const mine = person.page.locator('[data-blocked="+79415550101"]');
  await mine.getByText('Шутники').waitFor();
  const theirs = newNumber();
  await office.api('PUT', `${path(theirs)}/block`, {});
  await person.page.locator(`[data-blocked="+${theirs}"]`).waitFor();
  await shots('settings-blocked');
  await mine.getByRole('button').click();
  await mine.waitFor({ state: 'detached' });
});

test('the name on the desk phone is composed and shown as it will be', async () => {
  await person.signIn('boss', '/settings/rules');
  const shown = person.page.locator('.desk-name-shown output');
  await shown.waitFor();
  assert.equal(await shown.innerText(), '★ Иванов (Ромашка), 2 пропущ.');
  const field = person.page.getByLabel('Имя на экране телефона');
  await field.fill('{name}');
  await field.press('Tab');
  await until(async () => (await office.api('GET', 'settings')).display_name === '{name}');
  await press('+ пропущенные');
  await until(async () => (await office.api('GET', 'settings')).display_name === '{name}{missed}');
  await person.page.getByLabel('Латинскими буквами').check();
  await until(async () => (await shown.innerText()) === 'Ivanov, 2 missed');
  await shots('settings-rules');
  await person.page.getByLabel('Перезвонивших — тому, кто им звонил').uncheck();
  await until(async () => (await office.api('GET', 'settings')).return_to === 'off');
  await office.api('PATCH', 'settings', { return_to: 'caller', display_name: '{vip}{name}{company}{missed}', transliterate: false });
});

test('an operator with two lines sees which system each is of', async () => {
  const [main] = (await office.api('GET', 'integrations')).items;
  const other = await office.api('POST', 'integrations', { kind: 'cloud-pbx', name: 'МегаФон', settings: { url: 'http://127.0.0.1:9', token: 'x' } });
  const anna = (await office.api('GET', 'users')).items.find(({ login }) => login === 'anna');
  await office.api('PATCH', `users/${anna.id}`, { lines: [...anna.lines, { integration: other.id, account: 'anna.k' }] });
  await person.signIn('anna', '/card');
  const options = person.page.locator('.dial-line option');
  await options.first().waitFor({ state: 'attached' });
  assert.deepEqual(await options.allInnerTexts(), [`${main.name} · anna`, 'МегаФон · anna.k']);
  await office.api('PATCH', `users/${anna.id}`, { lines: anna.lines });
  await office.api('DELETE', `integrations/${other.id}`);
});
