/** Reports: figures that open the calls behind them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

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

async function talks(phone) {
  const callid = await office.pbx.rings(phone, 'anna');
  await office.pbx.event('ACCEPTED', callid, 'anna', phone);
  await office.pbx.event('COMPLETED', callid, 'anna', phone);
}

async function misses(phone) {
  const callid = await office.pbx.rings(phone, 'anna');
  await office.pbx.event('CANCELLED', callid, 'anna', phone);
  await office.pbx.history(callid, 'pbx', phone, { status: 'missed', duration: '0' });
}

test('a manager sees what came of the calls, and each figure opens exactly its calls', async () => {
  await talks('79330000001');
  await talks('79330000002');
  await misses('79330000003');
  const boss = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await boss.signIn('boss', '/reports?period=today');
  const { page } = boss;
  const figure = (name) => page.locator('.figure').filter({ has: page.getByRole('heading', { name, exact: true }) });
  await figure('Принято').getByRole('link', { name: '67 %' }).waitFor();
  await isAccessible(page, 'reports');

  // A chart has its table, and a cell its calls.
  await page.getByText('Таблица', { exact: true }).click();
  const total = page.locator('section', { hasText: 'По часам' }).locator('tfoot tr');
  assert.match(await total.innerText(), /^Всего\s+3\s+2\s+1\s/);
  await figure('Пропущено').getByRole('link', { name: '1', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Звонки' }).waitFor();
  const rows = page.locator('.call-lines li, .call-line');
  await until(async () => (await page.locator('.call-panel').innerText()).includes('+7 933 000-00-03'), 'the missed call is listed');
  const listed = await page.locator('.call-panel').innerText();
  assert.ok(!listed.includes('+7 933 000-00-01') && (await rows.count()) > 0);

  // The way back leads to the same report; another period stands in the address.
  await page.goBack();
  await figure('Новые клиенты').getByRole('link', { name: '3', exact: true }).waitFor();
  await page.getByRole('button', { name: '7 дней' }).or(page.getByRole('button', { name: 'Сегодня' })).click();
  await page.getByRole('radio', { name: '30 дней' }).click();
  await until(() => page.evaluate(() => location.search.includes('period=30d')), 'the period stands in the address');
  await page.getByRole('heading', { name: 'По дням' }).waitFor();
  await boss.leave();

  const anna = await Person.at(browser, office.address);
  await anna.signIn('anna', '/calls');
  await anna.page.getByRole('link', { name: 'Контакты' }).waitFor();
  assert.equal(await anna.page.getByRole('link', { name: 'Отчёты' }).count(), 0, 'operators have no reports');
  await anna.leave();
});

test('a table leaves as a file whose kind is chosen in sight', async () => {
  const boss = await Person.at(browser, office.address, { viewport: { width: 390, height: 844 } });
  await boss.signIn('boss', '/reports?period=today');
  const { page } = boss;
  const inSight = async (link) => {
    const box = await link.boundingBox();
    const { width } = page.viewportSize();
    assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${JSON.stringify(box)} of ${width}`);
  };
  await page.getByRole('button', { name: 'Скачать таблицу: Сотрудники' }).click();
  const book = page.getByRole('link', { name: 'Книга Excel (XLSX)' });
  assert.match(await book.getAttribute('href'), /^\/api\/reports\/people\?.*format=xlsx&lang=ru$/);
  await inSight(book);
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const path of ['/calls', '/contacts']) {
    await page.goto(`${office.address}${path}`);
    await page.getByRole('button', { name: 'Выгрузить' }).click();
    await inSight(page.getByRole('link', { name: 'Таблица CSV' }));
  }
  await boss.leave();
});
