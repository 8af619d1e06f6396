/** Whatever somebody writes is text on every page, and in every file: no payload becomes an element, an attribute, an address. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { foreign, isFound, texts } from './support/foreign.mjs';
import { INTEGRATION, payload, spoil } from './support/hostile.mjs';
import { Office, until } from './support/office.mjs';
import { PAYLOADS, kept } from './support/payloads.mjs';

const SETTINGS = ['start', 'integrations', 'people', 'rules', 'outcomes', 'hours', 'blocked', 'health', 'backups', 'journal', 'outbox', 'tokens', 'kept', 'audit', 'browser', 'security'];
const NAMES = PAYLOADS.map(kept);
let browser;
let office;
let data;

before(async () => {
  browser = await launch();
  office = await Office.open();
  const boss = (await office.api('GET', 'users')).items.find(({ login }) => login === 'boss');
  await office.api('PATCH', `users/${boss.id}`, { lines: [{ integration: office.pbx.integration.id, account: 'boss' }] });
  data = await spoil(office);
});

after(async () => {
  data?.mango.close();
  await browser?.close();
  await office?.close();
});

/** So tall that a list shows all of its rows. */
const come = async (/** @type {object} */ more = {}) => {
  const boss = await Person.at(browser, office.address, { viewport: { width: 1440, height: 14_000 }, ...more });
  await boss.signIn('boss', '/calls');
  return boss;
};

/** As a link of the workplace does. */
const go = (person, href) => person.page.evaluate((to) => {
  history.pushState(null, '', to);
  dispatchEvent(new PopStateEvent('popstate'));
}, href);

/** These texts stand on the page (on further ones of a list), or in such elements of it, letter for letter, and nothing that is none of ours. */
async function shows(person, where, wanted, within) {
  let missing = [];
  const all = async () => {
    const shown = await texts(person.page, within);
    missing = wanted.map(kept).filter((text) => !shown.includes(text));
    const more = person.page.locator('.more-rows button');
    // Some lists bring their next page by themselves: then it is gone under the hand.
    if (missing.length > 0 && (await more.count()) > 0) await more.first().click({ timeout: 300 }).catch(() => {});
    return missing.length === 0;
  };
  await until(all, where).catch(() => assert.fail(`${where} does not show ${JSON.stringify(missing)}`));
  assert.deepEqual(await foreign(person.page), [], where);
}

test('the check finds the payloads that are written into a page as code', async () => {
  const boss = await come();
  const found = [];
  for (const text of PAYLOADS) if (await isFound(boss.page, kept(text))) found.push(text);
  assert.ok(found.length >= 70, `${found.length} of ${PAYLOADS.length}; not ${JSON.stringify(PAYLOADS.filter((text) => !found.includes(text)))}`);
  assert.ok(boss.wrongs.length > 20, 'and the policy reports them');
  await boss.context.close();
});

// R37.
test('every page shows the payloads as text, and the policy has nothing to report', () => walks({}));

// R37.
test('every page shows the payloads as text, even where nothing forbids scripts', () => walks({ bypassCSP: true }));

/** All of it, whatever fails on the way. */
async function walks(more) {
  const boss = await come(more);
  const failures = [];
  for (const part of [lists, clients, settings, cards]) await part(boss).catch((error) => failures.push(error.message));
  assert.deepEqual(failures, []);
  await boss.leave();
}

async function lists(boss) {
  await go(boss, '/contacts');
  await shows(boss, 'the list of clients', NAMES, '.contact-row .row-open');
  await go(boss, '/calls');
  await shows(boss, 'the list of calls', NAMES, '.call-line');
  for (const [at, call] of data.calls.entries()) {
    await go(boss, `/calls?call=${call.id}`);
    await shows(boss, `the call ${at}`, [PAYLOADS[at], payload(at + 12), payload(at + 8)]);
  }
  for (const at of [0, 11, 31, 53, 68]) {
    for (const name of ['q', 'group', 'line', 'user', 'outcome', 'callid', 'call', 'period', 'zone']) {
      await go(boss, `/calls?${name}=${encodeURIComponent(PAYLOADS[at])}`);
      await boss.page.waitForTimeout(60);
      assert.deepEqual(await foreign(boss.page), [], `${name}=${PAYLOADS[at]}`);
    }
    await go(boss, `/contacts?q=${encodeURIComponent(PAYLOADS[at])}&tag=${encodeURIComponent(payload(at, 50))}`);
    await shows(boss, 'a search', [PAYLOADS[at]]);
    await go(boss, `/reports?line=${encodeURIComponent(PAYLOADS[at])}&period=${encodeURIComponent(PAYLOADS[at])}&by=${encodeURIComponent(PAYLOADS[at])}`);
    await boss.page.waitForTimeout(60);
    assert.deepEqual(await foreign(boss.page), [], 'reports of what is asked for');
  }
  await go(boss, '/calls');
  for (const button of await boss.page.locator('.filters button:visible').all()) {
    await button.click();
    assert.deepEqual(await foreign(boss.page), [], 'a filter');
    await boss.page.keyboard.press('Escape');
  }
  await boss.page.keyboard.press('Control+k');
  for (const text of [PAYLOADS[11], PAYLOADS[53], PAYLOADS[31]]) {
    await boss.page.getByRole('combobox').last().fill(text);
    await shows(boss, 'the palette', [text]);
  }
  await boss.page.keyboard.press('Escape');
  // The cards of an earlier walk answered all of them.
  for (let at = 0; at < PAYLOADS.length; at += 3) await office.pbx.history(`missed ${Date.now()} ${at}`, 'pbx', data.number(at), { status: 'missed', duration: '0' });
  await go(boss, '/missed');
  const open = (await office.api('GET', 'missed?limit=200')).items.map(({ contact }) => contact?.name ?? '');
  assert.ok(open.length > 15, `${open.length} wait`);
  await shows(boss, 'the missed board', open);
  await go(boss, '/reports');
  await shows(boss, 'reports', [payload(2, 50)]);
}

async function clients(boss) {
  for (const [at, { id }] of data.contacts.entries()) {
    await go(boss, `/contacts/${id}`);
    const changed = at % 12 === 6;
    await shows(boss, `the client ${at}`, [PAYLOADS[at], payload(at + (changed ? 14 : 1)), payload(at + (changed ? 13 : 2)), payload(at + 3), payload(at + 4, 50), payload(at + 6, 50), payload(at + 12)]);
  }
  await go(boss, '/contacts/duplicates');
  await shows(boss, 'duplicates', [payload(11), payload(12)]);
  await go(boss, `/contacts/merge?mine=${data.contacts[11].id}&theirs=${data.twin.id}`);
  await shows(boss, 'two clients side by side', [payload(11), payload(12), payload(13)]);
  await go(boss, '/contacts/import');
  await shows(boss, 'the files that came in', []);
  await go(boss, `/contacts/import?file=${data.file.id}`);
  await shows(boss, 'a file that came in', [`${payload(11)}.csv`, ...PAYLOADS.slice(0, 59).filter((text) => kept(text).length <= 80)]);
  await boss.page.goto(`${office.address}/contacts/new?number=${encodeURIComponent(PAYLOADS[11])}&name=${encodeURIComponent(PAYLOADS[11])}`);
  await shows(boss, 'a new client', []);
}

async function settings(boss) {
  const page = async (part, wanted) => {
    await go(boss, `/settings/${part}`);
    await boss.page.locator('.settings-part .panel, .settings-part .row, .settings-part .empty').first().waitFor();
    await shows(boss, `the settings, ${part}`, wanted);
  };
  const tokens = Array.from({ length: 20 }, (_, at) => payload(at * 4, 100));
  const wanted = {
    integrations: [INTEGRATION],
    people: [payload(11), payload(12), payload(13), 'javascript:alert(3)', payload(5)],
    rules: [payload(2, 50)],
    outcomes: PAYLOADS.filter((text) => kept(text).length <= 50).slice(0, 9),
    hours: [payload(3, 50), payload(5, 50)],
    blocked: [0, 13, 26, 39, 52].map((at) => payload(at)),
    tokens,
    audit: tokens,
  };
  for (const part of SETTINGS) await page(part, wanted[part] ?? []);
  for (const [at, user] of data.users.entries()) await page(`people?id=${user.id}`, [payload(11 + at), payload(24 + at)]);
  for (const { id, name } of (await office.api('GET', 'integrations')).items) await page(`integrations?id=${id}`, [name]);
  await page('journal', []);
  for (const row of (await boss.page.locator('.journal-row .row-open').all()).slice(0, 60)) await row.click();
  await shows(boss, 'pushes', [1, 9, 17, 25, 33, 41].map((at) => payload(at)));
  for (const nowhere of [`/settings/${encodeURIComponent(PAYLOADS[11])}`, `/contacts/${encodeURIComponent(PAYLOADS[11])}`, `/calls?call=${encodeURIComponent(PAYLOADS[11])}`, `/nowhere/${encodeURIComponent(PAYLOADS[11])}`, `/card?phone=${encodeURIComponent(PAYLOADS[11])}`]) {
    await boss.page.goto(office.address + nowhere);
    await boss.page.waitForTimeout(200);
    assert.deepEqual(await foreign(boss.page), [], nowhere);
  }
}

/** The card: eight ring at a time, are taken, and end. */
async function cards(boss) {
  await boss.page.goto(`${office.address}/card`);
  await boss.isLive();
  for (let from = 0; from < PAYLOADS.length; from += 8) {
    const these = PAYLOADS.slice(from, from + 8).map((text, at) => ({ text, at: from + at }));
    const rung = [];
    for (const { at } of these) rung.push(await office.pbx.rings(data.number(at), 'boss'));
    await shows(boss, 'who rings', these.map(({ text }) => text));
    await office.pbx.event('ACCEPTED', rung[0], 'boss', data.number(from), { groupRealName: kept(PAYLOADS[from]) });
    await boss.card(kept(PAYLOADS[from]), 'mine').waitFor();
    await shows(boss, 'a talk', [payload(from), payload(from + 3)]);
    for (const [index, { at }] of these.entries()) await office.pbx.history(rung[index], 'boss', data.number(at), { link: payload(53) });
    await boss.clear();
    await boss.card('').waitFor({ state: 'detached' }).catch(() => {});
  }
}

test('what stands in an address of the sign-in, the set-up or an invitation is text', async () => {
  const stranger = await Person.at(browser, office.address, { bypassCSP: true });
  for (const text of PAYLOADS.filter((_, at) => at % 6 === 0)) {
    const escaped = encodeURIComponent(text);
    await stranger.page.goto(`${office.address}/login?next=${escaped}&login=${escaped}#${escaped}`);
    assert.deepEqual(await foreign(stranger.page), [], text);
  }
  for (const page of ['invite', 'setup']) {
    for (const text of [PAYLOADS[0], PAYLOADS[11], PAYLOADS[53]]) {
      await stranger.page.goto('about:blank');
      await stranger.page.goto(`${office.address}/${page}#token=${encodeURIComponent(text)}&login=${encodeURIComponent(text)}`);
      await stranger.page.waitForTimeout(200);
      assert.deepEqual(await foreign(stranger.page), [], `${page} ${text}`);
    }
  }
  await stranger.leave();
});

// R37.
test('what leaves as a file or is opened by its address is no page, and computes nothing', async () => {
  const boss = await come({ bypassCSP: true });
  const [cookie] = await boss.context.cookies();
  const files = ['contacts/export?format=csv&lang=en', 'calls/export?format=csv&lang=en', 'reports/people?format=csv&lang=en', 'reports/sources?format=csv&lang=en', `contacts/import/${data.checked.id}/problems?format=csv&lang=en`];
  for (const route of [...files, 'contacts/export?format=vcf', 'contacts/export?format=xlsx', 'calls/export?format=xlsx', `numbers/${encodeURIComponent(`+${data.number(11)}`)}/person/data`]) {
    const answer = await fetch(`${office.origin}/api/${route}`, { headers: { cookie: `${cookie.name}=${cookie.value}` } });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${route} ${text}`);
    assert.match(answer.headers.get('content-disposition'), /^attachment/, route);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', route);
    if (route.includes('csv')) for (const cell of cellsOf(text)) assert.doesNotMatch(cell, /^[=+\-@\t\r](?![\d\s()+-]*$)/, `${route}: a formula`);
    if (route.startsWith('contacts/export?format=csv')) for (const name of NAMES) assert.ok(cellsOf(text).some((cell) => cell === name || cell === `'${name}`), `${route}: ${name}`);
  }
  for (const route of ['contacts', 'calls', 'webhooks', 'openapi.json', `contacts?q=${encodeURIComponent(PAYLOADS[0])}&kind=${encodeURIComponent(PAYLOADS[0])}`, `contacts/${encodeURIComponent(PAYLOADS[0])}`]) {
    await boss.page.goto(`${office.address}/api/${route}`);
    assert.match(await boss.page.evaluate(() => document.contentType), /json$/, route);
    assert.equal(await boss.page.locator('img, svg, script, iframe').count(), 0, route);
  }
  await boss.leave();
});

/** The cells of a file whose language parts them by commas. */
const cellsOf = (/** @type {string} */ text) => [...text.replace(/^\ufeff/, '').matchAll(/"((?:[^"]|"")*)"|[^,\r\n]+/g)].map(([whole, quoted]) => (quoted === undefined ? whole : quoted.replaceAll('""', '"')));
