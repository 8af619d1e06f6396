/** Every sentence that the pages ask for stands in both languages, with the plural forms that they need. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Office } from './support/office.mjs';

const FOLDER = new URL('../../static/', import.meta.url);
const [en, ru] = await Promise.all(['en', 'ru'].map(dictionary));
const FORMS = { ru: ['one', 'few', 'many', 'other'], en: ['one', 'other'] };

/** Every sentence of a language, those of the parts too. */
async function dictionary(language) {
  const names = (await readdir(new URL('core/i18n/', FOLDER))).filter((name) => name.startsWith(language));
  const files = await Promise.all(names.map((name) => import(new URL(`core/i18n/${name}`, FOLDER))));
  return Object.assign({}, ...files.map((file) => file.default));
}

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
  // An outside system's own words ({said}) are English: a Russian sentence does without them.
  const values = (entry) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].filter((name) => name !== '{said}').sort();
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

function sections() {
  return Object.fromEntries(Object.keys(ru).map((key) => [key.split('.')[0], true]));
}

/** Every code that a schema names, its own and those of what it is made of; nothing of its members' codes. */
function codesOf(schemas, schema) {
  if (schema.$ref) return codesOf(schemas, schemas[schema.$ref.split('/').at(-1)]);
  const parts = [...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((part) => codesOf(schemas, part));
  const { code } = schema.properties ?? {};
  if (!code) return parts;
  const { enum: own } = code.$ref ? schemas[code.$ref.split('/').at(-1)] : code;
  assert.ok(own, 'a code is one of those in the document');
  return [...parts, ...own];
}

test('every code of the API has a sentence in both languages, and every such sentence has its code', async () => {
  const office = await Office.empty();
  const { schemas } = (await (await fetch(`${office.origin}/api/openapi.json`)).json()).components;
  await office.close();
  const wanted = {
    error: codesOf(schemas, schemas.Problem),
    fault: codesOf(schemas, schemas.RefusedField),
    why: codesOf(schemas, schemas.AnyWhy),
    push: codesOf(schemas, schemas.PushWhy),
    part: codesOf(schemas, schemas.Part),
    peer: schemas.Kind.enum,
  };
  // The page has sentences of its own for these: what it met itself, and what the waiting time is known of.
  const own = ['close', 'field', 'network', 'plain', 'timeout', 'too_many_plain'];
  for (const [section, codes] of Object.entries(wanted)) {
    assert.ok(codes.length > 3, section);
    const said = Object.keys(ru).filter((key) => key.startsWith(`${section}.`)).map((key) => key.slice(section.length + 1));
    assert.deepEqual(said.filter((code) => section !== 'error' || !own.includes(code)).sort(), [...new Set(codes)].sort(), section);
  }
});

test('a Russian sentence has no English words in it', () => {
  const names = /\b(SipSim|UIS|Mango|Call API|CRM|HTTPS?|https?|RU|sys|crm_api\.wcgp|v1|UTF-8|JSON)\b/g;
  for (const [key, entry] of Object.entries(ru).filter(([key]) => /^(error|fault|why|push|part|field)\./.test(key))) {
    assert.doesNotMatch((typeof entry === 'string' ? entry : Object.values(entry).join(' ')).replace(/\{\w+\}/g, '').replace(names, ''), /[A-Za-z]/, key);
  }
});
