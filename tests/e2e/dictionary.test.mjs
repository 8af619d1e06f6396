/** Every sentence that the pages ask for stands in both languages, with the plural forms that they need. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import en from '../../static/core/i18n/en.js';
import ru from '../../static/core/i18n/ru.js';

const FOLDER = new URL('../../static/', import.meta.url);
const FORMS = { ru: ['one', 'few', 'many', 'other'], en: ['one', 'other'] };

/** All of our own scripts, as one text. */
async function scripts() {
  const names = await readdir(FOLDER, { recursive: true });
  const ours = names.filter((name) => name.endsWith('.js') && !name.startsWith('core/i18n/') && !name.startsWith('vendor/'));
  return (await Promise.all(ours.map((name) => readFile(new URL(name, FOLDER), 'utf8')))).join('\n');
}

test('both languages have the same sentences', () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(ru).sort());
});

test('plurals have all their forms, and the same values stand in both languages', () => {
  // The server's own words ({detail}) are English: a Russian sentence may do without them.
  const values = (entry) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].filter((name) => name !== '{detail}').sort();
  for (const key of Object.keys(ru)) {
    assert.deepEqual(values(en[key]), values(ru[key]), key);
    assert.equal(typeof en[key], typeof ru[key], key);
    if (typeof ru[key] === 'string') continue;
    assert.deepEqual(Object.keys(ru[key]), FORMS.ru, key);
    assert.deepEqual(Object.keys(en[key]), FORMS.en, key);
  }
});

test('every sentence is asked for, and every one asked for is there', async () => {
  const text = await scripts();
  const asked = [...text.matchAll(/'([a-z]+(?:\.[a-z_]+)+)'/g)].map(([, key]) => key).filter((key) => key.split('.')[0] in sections());
  for (const key of asked) assert.ok(key in ru, `no sentence for ${key}`);
  const begun = [...text.matchAll(/`([a-z.]+\.)\$\{/g)].map(([, start]) => start);
  const unused = Object.keys(ru).filter((key) => !text.includes(`'${key}'`) && !text.includes(`"${key}"`) && !begun.some((start) => key.startsWith(start)));
  assert.deepEqual(unused, []);
});

test('every refusal that has a code has a sentence', async () => {
  const source = new URL('../../src/', import.meta.url);
  const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.rs'));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, source), 'utf8')));
  const conflicts = texts.flatMap((text) => [...text.matchAll(/(?:conflict\(\s*|code: )"(\w+)"/g)].map(([, code]) => code));
  const [, kinds] = /fn code\(&self\)(.*?)\n    }\n/s.exec(await readFile(new URL('error.rs', source), 'utf8'));
  const codes = [...conflicts, ...[...kinds.matchAll(/=> "(\w+)"/g)].map(([, code]) => code)];
  for (const known of ['login_taken', 'not_available', 'exists', 'row_changed', 'peer_refused', 'busy']) assert.ok(codes.includes(known), `${known} was not found in src`);
  assert.deepEqual([...new Set(codes)].filter((code) => !(`error.${code}` in ru)), []);
});

function sections() {
  return Object.fromEntries(Object.keys(ru).map((key) => [key.split('.')[0], true]));
}
