/** Notes of several people, by card/drafts itself: nothing typed is lost, nothing written is overwritten unseen. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { join } from '../../static/card/join.js';

const kept = new Map();
globalThis.addEventListener = () => {};
globalThis.localStorage = new Proxy({
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, text) => kept.set(key, text),
  removeItem: (key) => kept.delete(key),
}, { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });

const ANNA = { id: 'anna', login: 'anna', name: 'Анна' };
const ME = { id: 'me', login: 'me', name: 'Дарья' };
const KEY = 'ringcard.draft.me.call';

/** The server as its contract says; `answers` turns what it would say into what is heard. */
let server;
globalThis.fetch = async (url, { body }) => {
  const { note, note_rev: rev = 0 } = JSON.parse(body);
  server.asked.push(note);
  if (server.gate) await server.gate;
  if (server.status) return answer(server.status, { code: 'forbidden' });
  if (rev !== server.note_rev) {
    return answer(409, { code: 'note_changed', note: server.note, note_rev: server.note_rev, note_by: server.note_by });
  }
  Object.assign(server, { note, note_rev: rev + 1, note_by: ME });
  if (server.losesAnswer) throw new TypeError('the line was lost');
  return answer(200, { id: 'call', note, note_rev: server.note_rev, note_by: ME });
};
const answer = (status, body) => new Response(JSON.stringify(body), { status });
const writes = (note, note_by = ANNA) => Object.assign(server, { note, note_rev: server.note_rev + 1, note_by });

const { drafts, noteStates, type, flush, accept, needsEyes, takeUp } = await import('../../static/card/drafts.js');
const { me } = await import('../../static/core/session.js');
mock.timers.enable({ apis: ['setTimeout'] });

let card;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  kept.clear();
  server = { note: '', note_rev: 0, note_by: null, asked: [] };
  card = { id: 'call', note: '', note_rev: 0 };
  me.value = ME;
  noteStates.value = {};
  open();
});

/** The page of this person is opened. */
const open = () => takeUp('me', (call) => Object.assign(card, call));

async function pass(ms) {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

test('a note is saved, and the next words go upon what was saved', async () => {
  type(card, 'раз');
  await pass(600);
  type(card, 'раз два');
  await pass(600);
  assert.deepEqual([server.note, server.note_rev, noteStates.value.call], ['раз два', 2, 'saved']);
  assert.deepEqual([drafts.value, kept.size, card.note_rev], [{}, 0, 2]);
});

test('what is typed while a note is under way follows it', async () => {
  let go;
  server.gate = new Promise((opens) => (go = opens));
  type(card, 'раз');
  await pass(600);
  type(card, 'раз два');
  await pass(600);
  assert.deepEqual(server.asked, ['раз']);
  go();
  await pass(0);
  await pass(600);
  assert.deepEqual([server.note, server.note_rev, server.asked.length], ['раз два', 2, 2]);
});

test('when another wrote meanwhile, both texts stand in the field and wait', async () => {
  type(card, 'моё');
  writes('Аннино');
  await pass(600);
  assert.equal(drafts.value.call.note, 'Аннино\nмоё');
  assert.deepEqual([drafts.value.call.by, drafts.value.call.base, noteStates.value.call, needsEyes('call')], [ANNA, 'Аннино', 'joined', true]);
  flush('call');
  await pass(10_000);
  assert.deepEqual([server.note, server.asked.length], ['Аннино', 1]);
  accept('call');
  await pass(0);
  assert.deepEqual([server.note, noteStates.value.call, kept.size], ['Аннино\nмоё', 'saved', 0]);
});

test('a further key says that both texts were seen', async () => {
  type(card, 'моё');
  writes('Аннино');
  await pass(600);
  type(card, 'Аннино\nмоё!');
  await pass(600);
  assert.deepEqual([server.note, server.asked.length], ['Аннино\nмоё!', 2]);
});

test('who writes again meanwhile is met again', async () => {
  type(card, 'моё');
  writes('раз');
  await pass(600);
  writes('раз два');
  accept('call');
  await pass(0);
  assert.deepEqual([server.note, noteStates.value.call], ['раз два', 'joined']);
  assert.equal(drafts.value.call.note, 'раз два\nмоё');
});

test('a draft of yesterday is not sent over the note of today, nor is it lost when the page goes', async () => {
  type(card, 'вчера');
  drafts.value = {}; // the page ended before it was sent
  writes('сегодня');
  open();
  await pass(0);
  assert.deepEqual([server.note, drafts.value.call.note], ['сегодня', 'сегодня\nвчера']);
  open();
  await pass(10_000);
  assert.deepEqual([server.note, noteStates.value.call, server.asked.length], ['сегодня', 'joined', 1]);
  accept('call');
  await pass(0);
  assert.equal(server.note, 'сегодня\nвчера');
});

test('a draft of a version that kept the text alone is met like any other', async () => {
  kept.set(KEY, 'старое');
  writes('новое');
  open();
  await pass(0);
  assert.deepEqual([server.note, drafts.value.call.note], ['новое', 'новое\nстарое']);
});

test('a note whose answer was lost does not meet itself', async () => {
  server.losesAnswer = true;
  type(card, 'абв');
  await pass(600);
  server.losesAnswer = false;
  assert.deepEqual([server.note, noteStates.value.call], ['абв', 'waiting']);
  type(card, 'аббв');
  await pass(600);
  await pass(0);
  assert.deepEqual([server.note, noteStates.value.call, kept.size], ['аббв', 'saved', 0]);
});

test('a note that is refused stays, also for the next page', async () => {
  server.status = 403;
  type(card, 'не моё');
  await pass(600);
  assert.deepEqual([drafts.value.call.note, noteStates.value.call, needsEyes('call')], ['не моё', 'refused', true]);
  assert.equal(JSON.parse(kept.get(KEY)).note, 'не моё');
});

test('joined texts hold every word of both, and what both began with once', () => {
  assert.equal(join('А', 'Б', ''), 'А\nБ');
  assert.equal(join('счёт до пятницы', 'счёт', ''), 'счёт до пятницы');
  assert.equal(join('счёт', 'счёт до пятницы', ''), 'счёт до пятницы');
  assert.equal(join('ждёт счёт, скидка', 'ждёт счёт\nперезвонить', 'ждёт счёт'), 'ждёт счёт, скидка\nперезвонить');
  assert.equal(join('другое', 'ждёт счёт\nперезвонить', 'ждёт счёт'), 'другое\nждёт счёт\nперезвонить');
});
