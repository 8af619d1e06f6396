/**
 * Pictures of every page and state: both looks, wide and narrow, Russian and English. `npm run shots -- [FOLDER] [WORD…]`:
 * where to, and only the pictures whose name has all words: `calls`,
 * `390-dark-ru`.
 */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { launch, Person } from './support/browser.mjs';
import { Office, PASSWORD } from './support/office.mjs';
import { furnish, wav } from './support/furnish.mjs';

const [folder = new URL('../../target/shots', import.meta.url).pathname, ...words] = process.argv.slice(2);
const LOOKS = ['light', 'dark'];
const SIZES = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];
const LANGUAGES = ['ru', 'en'];
const SETTINGS = ['start', 'integrations', 'people', 'rules', 'outcomes', 'hours', 'blocked', 'health', 'backups', 'journal', 'outbox', 'tokens', 'kept', 'audit', 'browser', 'security'];

const browser = await launch();
const files = createServer((request, response) => response.writeHead(200, { 'content-type': 'audio/wav' }).end(wav(95)));
await new Promise((ready) => files.listen(0, '127.0.0.1', ready));
const recording = `http://127.0.0.1:${files.address().port}/1.wav`;
const office = await Office.open();
const data = await furnish(office, recording);
const twin = await office.api('POST', 'contacts', { name: 'Иванов Семён', company: 'Ромашка', email: 'ivanov@example.org', note: 'Спрашивал про доставку', phones: [{ number: `+${data.numbers.ivan}` }] });
await mkdir(folder, { recursive: true });

let taken = 0;
const suffixOf = ({ viewport, colorScheme, locale }) => `${viewport.width}-${colorScheme}-${locale.slice(0, 2)}`;
const isWanted = (name, look) => words.every((word) => `${name}-${suffixOf(look)}`.includes(word));
/** @type {{name: string, who: string, at: string, does?: (person: Person) => Promise<unknown>}[]} */
const QUIET = [
  { name: 'calls', who: 'anna', at: '/calls' },
  { name: 'calls-filter', who: 'anna', at: '/calls', does: ({ page }) => page.locator('.filters button:visible').first().click() },
  { name: 'calls-group', who: 'anna', at: `/calls?group=${encodeURIComponent('Отдел продаж')}` },
  { name: 'calls-none', who: 'anna', at: '/calls?q=qqqq' },
  { name: 'call-drawer', who: 'anna', at: `/calls?call=${data.talk.id}` },
  { name: 'call-player', who: 'anna', at: `/calls?call=${data.talk.id}`, does: ({ page }) => plays(page) },
  { name: 'call-blocked', who: 'anna', at: `/calls?call=${data.blocked.id}` },
  { name: 'missed', who: 'anna', at: '/missed' },
  { name: 'contacts', who: 'anna', at: '/contacts' },
  { name: 'contacts-none', who: 'anna', at: '/contacts?q=79990000000' },
  { name: 'contact', who: 'anna', at: `/contacts/${data.client.id}` },
  { name: 'contact-new', who: 'anna', at: '/contacts/new' },
  { name: 'contacts-import', who: 'boss', at: '/contacts/import' },
  { name: 'contacts-import-file', who: 'boss', at: '/contacts/import', does: async ({ page }) => {
    await page.locator('input[type=file]').setInputFiles({ name: 'clients.csv', mimeType: 'text/csv', buffer: Buffer.from('ФИО;Телефон;Почта;Бюджет\nИванов Семён;8 910 123-45-67;ivan@example.org;100\nПетрова Анна;нет номера;;\n') });
    await page.getByText('Бюджет').first().waitFor();
  } },
  { name: 'contacts-duplicates', who: 'boss', at: '/contacts/duplicates' },
  { name: 'contacts-merge', who: 'boss', at: `/contacts/merge?mine=${data.client.id}&theirs=${twin.id}` },
  { name: 'settings-kept-person', who: 'boss', at: '/settings/kept', does: async ({ page }) => {
    await page.locator('input[type=tel]').fill(data.numbers.ivan);
    await page.getByRole('button', { name: /^(Найти|Find)/ }).click();
    await page.getByRole('button', { name: /^(Стереть|Erase)/ }).click();
  } },
  { name: 'reports', who: 'boss', at: '/reports', does: ({ page }) => page.locator('.report-table').waitFor() },
  { name: 'reports-callbacks', who: 'boss', at: '/reports', does: ({ page }) => page.locator('#report-caller button').click() },
  { name: 'palette', who: 'anna', at: '/calls', does: ({ page }) => page.keyboard.press('Control+k') },
  { name: 'palette-found', who: 'anna', at: '/calls', does: async ({ page }) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.insertText('ива');
    await page.waitForTimeout(500);
  } },
  { name: 'keys', who: 'anna', at: '/calls', does: ({ page }) => page.keyboard.press('Shift+?') },
  { name: 'menu', who: 'anna', at: '/calls', does: ({ page }) => page.locator('.person-button').click() },
  { name: 'due', who: 'dasha', at: '/calls' },
  { name: 'due-alone', who: 'dasha', at: '/card' },
  ...SETTINGS.map((part) => ({ name: `settings-${part}`, who: 'boss', at: `/settings/${part}` })),
  { name: 'settings-security-offer', who: 'boss', at: '/settings/security', does: ({ page }) => page.getByRole('button', { name: /^(Включить|Turn on)/ }).first().click() },
  { name: 'settings-person', who: 'boss', at: `/settings/people?id=${office.anna.id}` },
  { name: 'settings-person-new', who: 'boss', at: '/settings/people?new=' },
  { name: 'settings-invite', who: 'boss', at: `/settings/people?id=${office.dasha.id}`, does: ({ page }) => page.getByRole('button', { name: /Новая ссылка|New.* link/ }).first().click() },
  { name: 'settings-pbx', who: 'boss', at: `/settings/integrations?id=${office.pbx.integration.id}` },
  { name: 'settings-mango-new', who: 'boss', at: '/settings/integrations?new=mango' },
  { name: 'nowhere', who: 'anna', at: '/nowhere' },
];

const OTHERS = [data.numbers.vip, data.numbers.stranger, data.numbers.lost];
let others = [];
/** What rings, one after another; each looks at the page that stands. */
const RINGING = [
  { name: 'ringing', at: '/calls', does: () => office.pbx.rings(data.numbers.ivan, 'anna') },
  { name: 'talking', does: (_, rung) => office.pbx.event('ACCEPTED', rung[0], 'anna', data.numbers.ivan) },
  { name: 'four', does: async () => {
    for (const number of OTHERS) others.push(await office.pbx.rings(number, 'anna'));
  } },
  { name: 'four-alone', at: '/card' },
  { name: 'over-missed', at: '/missed' },
  { name: 'over-contacts', at: '/contacts' },
  { name: 'over-contact', at: `/contacts/${data.client.id}` },
  { name: 'ended', at: '/calls', does: (_, rung) => office.pbx.history(rung[0], 'anna', data.numbers.ivan) },
];

const BEGINNING = ['empty-login', 'setup-1-admin', 'setup-2-pbx', 'setup-3-people', 'setup-4-links', 'setup-5-call', 'empty-calls', 'empty-missed', 'empty-contacts', 'invite'];

async function plays(page) {
  await page.locator('.recording button').first().click();
  await page.locator('.player').waitFor();
  await page.waitForTimeout(1500);
}

async function take(person, name) {
  if (!isWanted(name, person.look)) return;
  await person.page.waitForTimeout(350);
  await person.page.screenshot({ path: path.join(folder, `${name}-${suffixOf(person.look)}.png`) });
  taken += 1;
}

async function come(login, look) {
  const person = await Person.at(browser, office.address, look);
  person.look = look;
  if (!login) return person;
  await person.page.goto(`${office.address}/login`);
  await person.page.locator('form input').first().waitFor();
  await take(person, 'login');
  await person.page.locator('form input').nth(0).fill(login);
  await person.page.locator('form input[type=password]').fill(PASSWORD);
  await person.page.locator('form button[type=submit], form button').last().click();
  await person.isLive();
  return person;
}

async function quiet(look) {
  for (const who of ['anna', 'dasha', 'boss']) {
    const states = QUIET.filter((state) => state.who === who && isWanted(state.name, look));
    if (states.length === 0) continue;
    const person = await come(who, look);
    for (const { name, at, does } of states) {
      await person.page.goto(`${office.address}${at}`);
      await person.page.locator('main, .view').first().waitFor();
      await person.page.waitForTimeout(300);
      try {
        await does?.(person);
      } catch (error) {
        console.error(`${name}: ${error.message.split('\n')[0]}`);
      }
      await take(person, name);
    }
    await person.context.close();
  }
}

async function ringing(look) {
  if (!RINGING.some(({ name }) => isWanted(name, look))) return;
  const person = await come('anna', look);
  const rung = [];
  for (const { name, at, does } of RINGING) {
    if (at) {
      await person.page.goto(`${office.address}${at}`);
      await person.isLive();
    }
    const call = await does?.(person, rung);
    if (call) rung.push(call);
    await person.page.waitForTimeout(500);
    await take(person, name);
  }
  for (const [index, call] of others.entries()) await office.pbx.history(call, 'dasha', OTHERS[index]);
  others = [];
  await person.clear();
  await person.context.close();
}

/** An empty server: the set-up, and the invitation of a person it lets in. */
async function begins(look) {
  if (!BEGINNING.some((name) => isWanted(name, look))) return;
  const fresh = await Office.empty();
  const owner = await Person.at(browser, fresh.address, look);
  owner.look = look;
  const { page } = owner;
  const press = () => page.locator('main form button.primary, main button.primary').last().click();
  await page.goto(`${fresh.address}/login`);
  await take(owner, 'empty-login');
  const link = new URL(fresh.setupLink);
  await page.goto('about:blank'); // a hash alone loads no page anew
  await page.goto(`${fresh.address}${link.pathname}${link.hash}`);
  await page.locator('form input').first().waitFor();
  await take(owner, 'setup-1-admin');
  const inputs = page.locator('form input');
  for (const [index, value] of ['Борис', 'boss', PASSWORD].entries()) await inputs.nth(index).fill(value);
  await press();
  const address = page.locator('input[type=url]').last();
  await address.waitFor();
  await take(owner, 'setup-2-pbx');
  await address.fill(fresh.pbx.url);
  await page.getByLabel(/^(Ключ АТС|PBX key)$/).fill('our-key-at-the-pbx');
  await press();
  await page.locator('select').first().waitFor();
  await take(owner, 'setup-3-people');
  await press();
  await page.locator('input[readonly]').first().waitFor();
  await take(owner, 'setup-4-links');
  const invitation = await page.locator('input[readonly]').first().inputValue();
  await press();
  await page.waitForTimeout(500);
  await take(owner, 'setup-5-call');
  for (const section of ['calls', 'missed', 'contacts']) {
    await page.goto(`${fresh.address}/${section}`);
    await take(owner, `empty-${section}`);
  }
  const guest = await Person.at(browser, fresh.address, look);
  guest.look = look;
  await guest.page.goto(invitation);
  await guest.page.locator('form input').first().waitFor();
  await take(guest, 'invite');
  await guest.context.close();
  await owner.context.close();
  await fresh.close();
}

for (const colorScheme of LOOKS) {
  for (const viewport of SIZES) {
    for (const language of LANGUAGES) {
      const look = { colorScheme, viewport, locale: language === 'ru' ? 'ru-RU' : 'en-US' };
      await quiet(look);
      await ringing(look);
      await begins(look).catch((error) => console.error(`set-up: ${error.message.split('\n').slice(0, 4).join(' ')}`));
    }
  }
}
console.log(`${taken} pictures in ${folder}`);
await browser.close();
await office.close();
files.close();
process.exit(0);
