/** Signing in leads back into these pages, and nowhere else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Office, PASSWORD } from './support/office.mjs';

let browser;
let office;

before(async () => {
  browser = await launch();
  office = await Office.open();
});

after(async () => {
  await browser?.close();
  await office?.close();
});

test('no link makes the sign-in lead to another host', async () => {
  for (const next of ['/.//evil.example/', '/..//evil.example/', '//evil.example/', '/\\evil.example/', '/%2e//evil.example/', 'https://evil.example/']) {
    const guest = await Person.at(browser, office.address);
    await guest.page.goto(`${office.address}/login?next=${encodeURIComponent(next)}`);
    await guest.page.getByLabel('Логин').fill('anna');
    await guest.page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
    await guest.page.keyboard.press('Enter');
    await guest.page.waitForURL((url) => url.pathname !== '/login');
    assert.equal(new URL(guest.page.url()).host, new URL(office.address).host, next);
    await guest.leave();
  }
});

test('a password can be looked at and pasted, and browsers may fill it in', async () => {
  const guest = await Person.at(browser, office.address);
  await guest.page.goto(`${office.address}/login`);
  const field = guest.page.getByLabel('Пароль', { exact: true });
  assert.deepEqual([await field.getAttribute('type'), await field.getAttribute('autocomplete')], ['password', 'current-password']);
  await field.focus();
  await guest.page.keyboard.insertText(PASSWORD);
  await guest.page.getByRole('button', { name: 'Показать пароль' }).click();
  assert.deepEqual([await field.getAttribute('type'), await field.inputValue()], ['text', PASSWORD]);
  await guest.leave();
});
