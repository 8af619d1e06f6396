/** The palette and the sheet of keys: one box that finds and does anything, by the keyboard alone. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { Office, until } from './support/office.mjs';

let browser;
let office;
let anna;
let client = 9_220_000_000;
const newNumber = () => `7${++client}`;
const shown = (number) => `+7 ${number.slice(1, 4)} ${number.slice(4, 7)}-${number.slice(7, 9)}-${number.slice(9)}`;
const tsvetaeva = newNumber();

before(async () => {
  browser = await launch();
  office = await Office.open();
  await office.api('POST', 'contacts', { name: 'Марина Цветаева', company: 'Болдино', phones: [{ number: `+${tsvetaeva}` }] });
  await office.api('POST', 'contacts', { name: 'Осип Мандельштам', phones: [{ number: `+${newNumber()}` }] });
});

after(async () => {
  await browser?.close();
  await office?.close();
});

beforeEach(async () => {
  anna = await Person.at(browser, office.address, { viewport: { width: 1440, height: 900 } });
  await anna.signIn('anna', '/');
});

afterEach(async () => {
  await anna.clear();
  await anna.leave();
});

const box = (person = anna) => person.page.getByRole('combobox', { name: 'Найти или позвонить' });
const option = (name, person = anna) => person.page.getByRole('option', { name });
const chosen = (person = anna) => person.page.locator('[role="option"][aria-selected="true"]').innerText();
const groups = () => anna.page.locator('.palette-group').allInnerTexts();
const heading = (words) => anna.page.getByRole('heading', { level: 1, name: words }).waitFor();
const at = () => anna.page.evaluate(() => decodeURIComponent(location.pathname + location.search));
const focused = () => anna.page.evaluate(() => document.activeElement?.id || document.activeElement?.className || document.activeElement?.tagName);
const dialled = () => office.pbx.asked.filter(({ cmd }) => cmd === 'makeCall').map(({ phone }) => phone);

/** As a keyboard with a Russian layout types: another letter, the same place. */
async function press(key, code, modifiers = 0) {
  const keyboard = await anna.context.newCDPSession(anna.page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, modifiers, ...(modifiers & 2 ? {} : { text: key }) });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, modifiers });
}
const CTRL = 2;
const SHIFT = 8;

test('Ctrl-K and the slash open it on a Russian layout too, and Esc leads back to where one was', async () => {
  await anna.page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Контакты' }).focus();
  const before = await focused();
  await press('л', 'KeyK', CTRL);
  await option('Пропущенные').waitFor();
  assert.equal(await box().getAttribute('aria-expanded'), 'true');
  await anna.page.keyboard.press('Escape');
  await option('Пропущенные').waitFor({ state: 'hidden' });
  assert.equal(await focused(), before);
  await press('.', 'Slash');
  await option('Пропущенные').waitFor();
  await anna.page.keyboard.type('проп');
  await until(async () => /^Пропущенные/.test(await chosen()), 'the section is chosen');
  await anna.page.keyboard.press('Enter');
  await heading('Пропущенные');
  assert.equal(await box().inputValue(), '');
});

test('who rings stands first, then recent calls, people, numbers, sections and actions', async () => {
  const past = newNumber();
  await office.pbx.history(await office.pbx.rings(past, 'anna'), 'anna', past);
  const call = await office.pbx.rings(tsvetaeva, 'anna');
  await anna.card('Цветаева', 'ringing').waitFor();
  await anna.page.keyboard.press('Control+k');
  await option(shown(past)).waitFor();
  assert.deepEqual(await groups(), ['Сейчас на линии', 'Последние звонки', 'Разделы', 'Действия']);
  assert.match(await chosen(), /Марина Цветаева\s*Входящий/);
  await anna.page.keyboard.press('Enter');
  await heading('Марина Цветаева');
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('цвет');
  await option(/^Позвонить \+7/).waitFor();
  assert.deepEqual(await groups(), ['Сейчас на линии', 'Позвонить']);
  await box().fill('манд');
  await option(/^Осип Мандельштам/).waitFor();
  assert.deepEqual(await groups(), ['Люди', 'Позвонить']);
  await anna.page.keyboard.press('Escape');
  await office.pbx.history(call, 'anna', tsvetaeva);
});

test('a client whom nobody knows is found while he rings, and his card has the focus', async () => {
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type(number.slice(-4));
  await option(shown(number)).first().waitFor();
  await anna.page.keyboard.press('ArrowDown');
  await anna.page.keyboard.press('ArrowUp');
  await anna.page.keyboard.press('Home');
  await until(async () => (await chosen()).includes(number.slice(-4)), 'one is chosen');
  await option(new RegExp(`^\\s*\\${shown(number)}`)).first().click();
  await until(async () => anna.card(shown(number)).evaluate((card) => card === document.activeElement || card.contains(document.activeElement)), 'the card has the focus');
  await office.pbx.history(call, 'anna', number);
});

test('people are found by a part of the name and by the last four digits; an arrow away stands the call', async () => {
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('мандел');
  await anna.page.keyboard.press('Enter'); // before the answer: it is waited for
  await heading('Осип Мандельштам');
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('цвета');
  await option(/Позвонить \+7/).waitFor();
  assert.match(await chosen(), /Марина Цветаева/);
  const before = dialled().length;
  await anna.page.keyboard.press('ArrowDown');
  await until(async () => /^Позвонить \+7/.test(await chosen()), 'the call is chosen');
  await anna.page.keyboard.press('Enter');
  await until(() => dialled().length === before + 1, 'the PBX was asked to call');
  assert.match(dialled().at(-1), new RegExp(tsvetaeva.slice(1)));
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type(tsvetaeva.slice(-4));
  await option(/Марина Цветаева/).first().waitFor();
});

test('digits and Enter dial; too few say what is missing and dial nothing', async () => {
  await anna.page.keyboard.press('Control+k');
  const before = dialled().length;
  await anna.page.keyboard.type('8 495 12');
  await anna.page.getByText('8 495 12: не хватает цифр.').waitFor();
  await anna.page.keyboard.press('Enter');
  await anna.page.waitForTimeout(500);
  assert.equal(dialled().length, before);
  await box().fill('8 495 123-45-99');
  await until(async () => /^Позвонить 8 495 123-45-99/.test(await chosen()), 'the number is chosen');
  await anna.page.keyboard.press('Enter');
  await until(() => dialled().length === before + 1, 'the PBX was asked to call');
  assert.match(dialled().at(-1), /4951234599$/);
  await anna.page.getByText('Сначала зазвонит ваш телефон').first().waitFor();
});

test('actions are those of the section, with their keys, and are done from the palette', async () => {
  await anna.page.goto(`${office.address}/contacts`);
  await heading('Контакты');
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('тёмная');
  await anna.page.keyboard.press('Enter');
  await until(() => anna.page.evaluate(() => document.documentElement.dataset.theme === 'dark'), 'it is dark');
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('новый конт');
  await until(async () => /Новый контакт\s+g\s*n/.test(await chosen()), 'the action is chosen');
  await anna.page.keyboard.press('Enter');
  await until(async () => (await at()) === '/contacts/new', 'the form is open');
});

test('a call that rings meanwhile takes no key from the palette', async () => {
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('ма');
  const number = newNumber();
  const call = await office.pbx.rings(number, 'anna');
  await anna.card(shown(number), 'ringing').waitFor();
  await anna.page.keyboard.type('нд');
  assert.equal(await box().inputValue(), 'манд');
  const list = await anna.page.locator('.palette-box').boundingBox();
  const card = await anna.card(shown(number)).boundingBox();
  assert.ok(list.x + list.width <= card.x, `the list ends at ${list.x + list.width}, the card begins at ${card.x}`);
  await office.pbx.history(call, 'anna', number);
});

test('whoever has no line finds all the same, and is told why nothing is dialled', async () => {
  const boss = await Person.at(browser, office.address);
  await boss.signIn('boss', '/');
  await boss.page.keyboard.press('Control+k');
  await boss.page.keyboard.type('84951234567');
  await boss.page.getByText('У вас нет линии АТС.').waitFor();
  assert.equal(await boss.page.getByRole('option', { name: /Позвонить/ }).count(), 0);
  await boss.leave();
});

test('`?` shows every key of the section, on a Russian layout too, and Esc closes it', async () => {
  await anna.page.goto(`${office.address}/missed`);
  await heading('Пропущенные');
  await press(',', 'Slash', SHIFT);
  const sheet = anna.page.getByRole('dialog', { name: 'Клавиши' });
  await sheet.getByText('Следующий клиент').waitFor(); // the section's keys come with its code
  const line = (words) => sheet.locator('.keys-line').filter({ hasText: words }).locator('kbd').allInnerTexts();
  assert.deepEqual(await line('Следующий клиент'), ['j']);
  assert.deepEqual(await line('Взять'), ['t']);
  assert.deepEqual(await line('Контакты'), ['g', 'k']);
  assert.deepEqual(await line('Найти или позвонить'), ['Ctrl K', '/']);
  assert.deepEqual(await line('Итог, когда карточка выбрана'), ['1', '9']);
  await anna.page.keyboard.press('g');
  await anna.page.keyboard.press('c');
  await anna.page.waitForTimeout(200);
  assert.equal(await at(), '/missed');
  await anna.page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await anna.page.goto(`${office.address}/contacts`);
  await heading('Контакты');
  await anna.page.keyboard.press('Shift+Slash');
  await sheet.getByText('Новый клиент').first().waitFor();
  assert.equal(await sheet.getByText('Взять').count(), 0);
  await anna.page.keyboard.press('Escape');
});

test('the page of the cards has its sheet too, with the keys of the card', async () => {
  await anna.page.goto(`${office.address}/card`);
  await anna.isLive();
  await press(',', 'Slash', SHIFT);
  const sheet = anna.page.getByRole('dialog', { name: 'Клавиши' });
  await sheet.getByText('Итог последнего звонка, откуда угодно').waitFor();
  assert.equal(await sheet.getByText('Контакты').count(), 0);
  await isAccessible(anna.page, 'the sheet on the page of the cards');
});

test('keys are switched off in the sheet itself; Ctrl-K is left', async () => {
  await anna.page.keyboard.press('Shift+Slash');
  const sheet = anna.page.getByRole('dialog', { name: 'Клавиши' });
  await sheet.getByRole('switch', { name: 'Быстрые клавиши' }).press('Space');
  await anna.page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  for (const key of ['g', 'm', 'Shift+Slash', '/']) await anna.page.keyboard.press(key);
  await anna.page.waitForTimeout(300);
  assert.equal(await at(), '/');
  assert.equal(await sheet.count(), 0);
  assert.equal(await anna.page.getByRole('link', { name: 'Контакты' }).getAttribute('title'), 'Контакты');
  await anna.page.keyboard.press('Control+k');
  await anna.page.keyboard.type('клавиши');
  await anna.page.keyboard.press('Enter');
  await sheet.waitFor();
});

test('on a phone the box is at the top and everything in it can be pressed', async () => {
  await anna.page.setViewportSize({ width: 390, height: 844 });
  await box().click();
  await box().fill('89161234567');
  await option(/с этого телефона/).waitFor();
  for (const one of await anna.page.getByRole('option').all()) assert.ok((await one.boundingBox()).height >= 44);
  assert.equal(await anna.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

for (const colorScheme of ['light', 'dark']) {
  test(`the palette and the sheet are accessible, ${colorScheme}`, async () => {
    for (const width of [1440, 390]) {
      const dasha = await Person.at(browser, office.address, { colorScheme, viewport: { width, height: 900 } });
      await dasha.signIn('dasha', '/missed');
      await box(dasha).click();
      await isAccessible(dasha.page, `the palette, ${colorScheme}, ${width}`);
      await box(dasha).fill('цвет');
      await option(/Марина Цветаева/, dasha).first().waitFor();
      await isAccessible(dasha.page, `people, ${colorScheme}, ${width}`);
      await box(dasha).fill('ничего такого');
      await dasha.page.getByText('Ничего не нашлось.').waitFor();
      await isAccessible(dasha.page, `nothing, ${colorScheme}, ${width}`);
      await dasha.page.keyboard.press('Escape');
      await dasha.page.keyboard.press('Shift+Slash');
      await dasha.page.getByRole('dialog').waitFor();
      await isAccessible(dasha.page, `the sheet, ${colorScheme}, ${width}`);
      await dasha.leave();
    }
  });
}
