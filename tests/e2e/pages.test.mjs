/** Every page of a furnished office, in both looks: for a screen reader, at every width, without a mouse. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { partsFor } from '../../static/pages/desk/settings/parts.js';
import { isAccessible, launch, Person } from './support/browser.mjs';
import { furnish, wav } from './support/furnish.mjs';
import { Office } from './support/office.mjs';

const PHONE = { width: 390, height: 844 };
/** The last one has the room of 1440 × 900 at 200 %. */
const SIZES = [PHONE, { width: 1440, height: 900 }, { width: 2560, height: 1440 }, { width: 720, height: 450 }];
const PARTS = partsFor(true).map(({ part }) => part);
let browser;
let files;
let office;
/** Each page, and what stands in it when it is there. @type {[string, string][]} */
let pages;

before(async () => {
  browser = await launch();
  files = createServer((request, response) => response.writeHead(200, { 'content-type': 'audio/wav' }).end(wav(95)));
  await new Promise((ready) => files.listen(0, '127.0.0.1', ready));
  office = await Office.open();
  const { client, talk, numbers } = await furnish(office, `http://127.0.0.1:${files.address().port}/1.wav`);
  const twin = await office.api('POST', 'contacts', { name: 'Иван Петров', phones: [{ number: `+${numbers.ivan}` }] });
  pages = [
    ['/', '.call-line'],
    ['/calls', '.call-line'],
    [`/calls?call=${talk.id}`, '.drawer-body, .call-strip'],
    ['/missed', '[data-missed]'],
    ['/contacts', '.contact-row'],
    [`/contacts/${client.id}`, '.moment'],
    ['/contacts/new', '.new-contact'],
    ['/contacts/import', '.import-drop'],
    ['/contacts/duplicates', '.duplicate-row'],
    [`/contacts/merge?mine=${client.id}&theirs=${twin.id}`, '.merge-table'],
    ['/reports', '.report-table'],
    ['/settings', '.settings-part .row, .settings-part label'],
    ...PARTS.map((part) => [`/settings/${part}`, '.settings-part .row, .settings-part label, .settings-part .empty']),
    ['/card', '.call-row'],
    ['/nowhere', 'h1'],
  ];
});

after(async () => {
  await browser?.close();
  await office?.close();
  files?.close();
});

test('every address of the workplace is among them', async () => {
  const table = await readFile(new URL('../../src/http/mod.rs', import.meta.url), 'utf8');
  const known = [...table.matchAll(/"([^"]+)", \|to\| to\.to\(pages::(workplace|card)\)/g)].map(([, path]) => path);
  assert.ok(known.length > 8, String(known));
  for (const path of known) {
    const shape = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}(\\?|$)`);
    assert.ok(pages.some(([page]) => shape.test(page)), path);
  }
});

/** What a click does something to, and no key: it can have no focus. */
const pressedByPointersAlone = () => [...document.querySelectorAll('body *')]
  .filter((node) => (node.__e?.onClick || node.__e?.onclick) && !node.closest('a[href], button, input, select, textarea, label, summary, dialog, [role=option]'))
  .map((node) => node.outerHTML.slice(0, 120));

/** What can be pressed and is in sight, and cannot be reached by Tab; of radio buttons one has the focus for all, and the options of a menu by arrows. */
const outOfTabsWay = () => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter((node) => node.tabIndex < 0 && !node.disabled && node.checkVisibility() && !node.closest('[inert], [hidden], [role=listbox], [role=menu]'))
  .map((node) => node.outerHTML.slice(0, 120));

for (const colorScheme of ['light', 'dark']) {
  test(`every page is accessible, as wide as the screen, and done by keys, ${colorScheme}`, async () => {
    const boss = await Person.at(browser, office.address, { colorScheme, viewport: PHONE });
    const wrong = [];
    const check = async (work, where) => work().catch((error) => wrong.push(`${where}: ${error.message}`));
    await boss.signIn('boss', '/');
    for (const [path, awaited] of pages) {
      await boss.page.goto(`${office.address}${path}`);
      await boss.page.locator(awaited).first().waitFor({ state: 'attached' });
      for (const size of SIZES) {
        const where = `${path}, ${size.width} px`;
        await boss.page.setViewportSize(size);
        const { sideways, view } = await boss.page.evaluate(() => ({
          sideways: document.documentElement.scrollWidth - innerWidth, view: document.querySelector('.view')?.getBoundingClientRect().width ?? 0,
        }));
        if (sideways > 0 || view > 1680) wrong.push(`${where}: ${sideways} px too wide, the view is ${view} px`);
        if (size.width === 390 || size.width === 1440) await check(() => isAccessible(boss.page, where), where);
      }
      const unreached = [...(await boss.page.evaluate(pressedByPointersAlone)), ...(await boss.page.evaluate(outOfTabsWay))];
      if (unreached.length > 0) wrong.push(`${path}: no key reaches ${unreached.join('\n')}`);
    }
    await boss.page.setViewportSize(SIZES[1]);
    await boss.page.goto(`${office.address}/contacts`);
    for (const menu of [boss.page.locator('.view-actions summary, .view-actions button').first(), boss.page.locator('.person-button')]) {
      await menu.click();
      await check(() => isAccessible(boss.page, 'an open menu'), 'an open menu');
      await boss.page.keyboard.press('Escape');
    }
    await boss.leave();
    assert.deepEqual(wrong, []);
  });
}
