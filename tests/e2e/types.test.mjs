/** core/types.js says of the API what /api/openapi.json says: member for member, both ways. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Office } from './support/office.mjs';

const TYPES = fileURLToPath(new URL('../../static/core/types.js', import.meta.url));
const COMPILER = fileURLToPath(new URL('node_modules/.bin/tsc', import.meta.url));
const OPTIONS = { strict: true, noEmit: true, target: 'es2022', module: 'es2022', moduleResolution: 'bundler', types: [], allowJs: true };

let folder;
let schemas;
let names;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ringcard-types-'));
  const office = await Office.empty();
  ({ schemas } = (await (await fetch(`${office.origin}/api/openapi.json`)).json()).components);
  await office.close();
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, files: ['questions.ts'] }));
  names = namesIn(await readFile(TYPES, 'utf8')).filter((name) => name in schemas);
});

after(() => rm(folder, { recursive: true, force: true }));

/** What the file's typedefs are called: the word after the braces. */
function namesIn(text) {
  return text.split('@typedef ').slice(1).map((typedef) => {
    let depth = 0;
    let end = 0;
    do {
      if (typedef[end] === '{') depth += 1;
      if (typedef[end] === '}') depth -= 1;
      end += 1;
    } while (depth > 0);
    return /\w+/.exec(typedef.slice(end))[0];
  });
}

/** A schema as a type, `null` left out; the names that types.js has stand for themselves. */
function typeOf(schema) {
  const name = schema.$ref?.split('/').at(-1);
  if (name) return names.includes(name) ? `Page.${name}` : typeOf(schemas[name]);
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return union.filter(({ type }) => type !== 'null').map((one) => `(${typeOf(one)})`).join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => `(${typeOf(one)})`).join(' & ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const type = [schema.type].flat().find((one) => one !== 'null');
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array' && schema.prefixItems) return `[${schema.prefixItems.map(memberType).join(', ')}]`;
  if (type === 'array') return `(${memberType(schema.items)})[]`;
  if (type === 'object' && schema.properties) return `{${Object.entries(schema.properties).map(([member, one]) => `${member}: ${memberType(one)}`).join('; ')}}`;
  return type;
}

const mayBeNull = (schema) => [schema.type].flat().includes('null') || (schema.oneOf ?? []).some(({ type }) => type === 'null');
const memberType = (schema) => (mayBeNull(schema) ? `${typeOf(schema)} | null` : typeOf(schema));

/** Every member of an object, its bases' too; none of what is no object. */
function membersOf(schema) {
  if (schema.$ref) return membersOf(schemas[schema.$ref.split('/').at(-1)]);
  return Object.assign({ ...schema.properties }, ...(schema.allOf ?? []).map(membersOf));
}

/** One line a question; what the compiler refuses is a difference. */
function questions(name) {
  const members = Object.entries(membersOf(schemas[name]));
  const same = (what, page, server) => [
    `export const /* ${what}: the server says more */ ${next()}: Known<${page}> = sample<Known<${server}>>();`,
    `export const /* ${what}: the page says more */ ${next()}: Known<${server}> = sample<Known<${page}>>();`,
  ];
  if (members.length === 0) return same(name, `Page.${name}`, typeOf(schemas[name]));
  const keys = members.map(([member]) => JSON.stringify(member)).join(' | ');
  const excess = (who, more, less) => `export const /* ${name}, its members: the ${who} says more */ ${next()}: never = sample<Exclude<${more}, ${less}>>();`;
  return [excess('server', keys, `keyof Page.${name}`), excess('page', `keyof Page.${name}`, keys), ...members.flatMap(([member, schema]) => {
    const page = `Page.${name}[${JSON.stringify(member)}]`;
    const isNull = `export const /* ${name}.${member}: null or not */ ${next()}: MayBeAbsent<${page}> = ${mayBeNull(schema)};`;
    return [...same(`${name}.${member}`, page, typeOf(schema)), isNull];
  })];
}

let count = 0;
const next = () => `it${count++}`;

/** @returns {Promise<string[]>} each difference, in words */
async function differences() {
  const lines = [
    `import type * as Page from ${JSON.stringify(TYPES)};`,
    'type Known<T> = T extends readonly unknown[] ? T : NonNullable<T>;',
    'type MayBeAbsent<T> = null extends T ? true : undefined extends T ? true : false;',
    'declare function sample<T>(): T;',
    ...names.flatMap(questions),
  ];
  await writeFile(path.join(folder, 'questions.ts'), lines.join('\n'));
  const { stdout, error } = spawnSync(COMPILER, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  if (error) throw error;
  return stdout.split('\n').filter((line) => line.includes('error TS')).map((line) => {
    const [, at, why] = /\((\d+),\d+\): error (.*)/.exec(line) ?? [];
    return at ? `${/\/\* (.*?) \*\//.exec(lines[at - 1])?.[1] ?? lines[at - 1]} (${why})` : line;
  });
}

test('what the page knows of the API is what the API says of itself', async () => {
  for (const name of ['Call', 'Card', 'CallState', 'Contact', 'Integration', 'Leg', 'MissedRow', 'User', 'UserRef']) assert.ok(names.includes(name), name);
  assert.deepEqual(await differences(), []);
});

test('a member too many, one too few, a state and a null that the page does not know are found', async () => {
  const kept = structuredClone(schemas);
  schemas.Call.properties.mood = { type: 'string' };
  delete schemas.Leg.properties.account;
  schemas.CallState.enum.push('dreaming');
  schemas.MissedRow.properties.count.type = ['integer', 'null'];
  const found = (await differences()).map((line) => line.split(' (')[0]).sort();
  schemas = kept;
  assert.deepEqual(found, [
    ...['Call', 'Card'].flatMap((name) => [
      `${name}, its members: the server says more`,
      `${name}.mood: the page says more`,
      `${name}.mood: the server says more`,
      `${name}.mood: null or not`,
    ]),
    'CallState: the server says more',
    'Leg, its members: the page says more',
    'MissedRow.count: null or not',
  ].sort());
});
