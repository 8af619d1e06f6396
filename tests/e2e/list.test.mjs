/** core/list by itself, its clock in our hands: what it asks the server for, and when. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Refusal } from '../../static/core/api.js';
import { list } from '../../static/core/list.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }));
afterEach(() => mock.timers.reset());

const item = (id, more = {}) => ({ id, at: new Date(Number(id) * 1000).toISOString(), ...more });

/** A list of the latest `size` of these rows, and what it asked for. */
function over(ids, { size = 3, belongs, waits } = {}) {
  const server = { rows: new Map(ids.map((id) => [id, item(id)])), asked: [], fails: false };
  const page = async (limit, cursor) => {
    server.asked.push('page');
    if (server.fails) throw new Refusal(503, { code: 'busy' });
    const all = [...server.rows.values()].sort((a, b) => Number(b.id) - Number(a.id)).filter(({ id }) => cursor === null || Number(id) < Number(cursor));
    const items = all.slice(0, limit);
    return { items, next: all.length > limit ? items.at(-1).id : null };
  };
  const one = async (id) => {
    server.asked.push(id);
    if (server.fails) throw new Refusal(503, { code: 'busy' });
    if (!server.rows.has(id)) throw new Refusal(404, { code: 'not_found' });
    return server.rows.get(id);
  };
  const rows = list({ size, page, one, at: (row) => row.at, belongs, waits });
  return { server, rows, ids: () => rows.items.value?.map(({ id }) => id) };
}

/** Lets time pass in steps, and what waits for it be done. */
async function pass(ms) {
  for (let passed = 0; passed < ms; passed += 50) {
    mock.timers.tick(50);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

async function opened(ids, options) {
  const made = over(ids, options);
  made.rows.refresh();
  await pass(1500);
  made.server.asked.length = 0;
  return made;
}

test('under steady events the list is read all the same, and at most once a second', async () => {
  const { server, rows, ids } = await opened(['1', '2']);
  for (let passed = 0; passed < 10_000; passed += 50) {
    if (passed === 5000) server.rows.set('3', item('3'));
    rows.refresh();
    await pass(50);
    if (passed === 7000) assert.deepEqual(ids(), ['3', '2', '1']);
  }
  assert.ok(server.asked.length >= 9 && server.asked.length <= 11, `${server.asked.length} readings in 10 s`);
});

test('a row that changed is asked for alone, and stands where it stood', async () => {
  const { server, rows, ids } = await opened(['1', '2', '3']);
  server.rows.set('2', item('2', { note: 'new' }));
  for (let event = 0; event < 5; event++) rows.touch('2', 7);
  await pass(1500);
  assert.deepEqual(server.asked, ['2']);
  assert.deepEqual(ids(), ['3', '2', '1']);
  assert.equal(rows.items.value[1].note, 'new');
});

test('many rows that changed at once are one page', async () => {
  const { server, rows } = await opened(['1', '2', '3']);
  for (let id = 10; id < 30; id++) rows.touch(String(id), 1);
  await pass(3000);
  assert.deepEqual(server.asked, ['page']);
});

test('a row that came as it is now is not asked for, whichever was heard first', async () => {
  const { server, rows, ids } = await opened(['1', '2']);
  rows.put(item('3', { rev: 5 }));
  rows.touch('3', 5);
  rows.touch('2', 4);
  rows.put(item('2', { note: 'new', rev: 4 }));
  await pass(1500);
  assert.deepEqual(server.asked, []);
  assert.deepEqual(ids(), ['3', '2', '1']);
  rows.touch('3', 6);
  rows.touch('2', 8);
  rows.put(item('2', { note: 'between', rev: 7 }));
  await pass(1500);
  assert.deepEqual(server.asked, ['3', '2']);
});

test('a row that is gone, that belongs here no more, or that another one took in, leaves', async () => {
  const { server, rows, ids } = await opened(['1', '2', '3', '4'], { size: 10, belongs: (row) => !row.closed });
  server.rows.delete('1');
  server.rows.set('2', item('2', { closed: true }));
  server.rows.set('3', item('5'));
  for (const id of ['1', '2', '3']) rows.touch(id, 9);
  await pass(1500);
  assert.deepEqual(ids(), ['5', '4']);
  rows.put(item('2'));
  assert.deepEqual(ids(), ['5', '4', '2']);
});

test('what came while a page was on its way is not undone by it', async () => {
  let resolve;
  const promise = new Promise((arrives) => (resolve = arrives));
  const slow = list({ size: 3, page: () => promise, one: async (id) => item(id), at: (row) => row.at });
  slow.refresh();
  await pass(300);
  slow.put(item('2', { note: 'newer' }));
  resolve({ items: [item('2', { note: 'older' }), item('1')], next: null });
  await pass(50);
  assert.deepEqual(slow.items.value.map(({ id, note }) => [id, note]), [['2', 'newer'], ['1', undefined]]);
});

test('what failed is asked for again', async () => {
  const { server, rows, ids } = await opened(['1']);
  server.fails = true;
  server.rows.set('2', item('2'));
  rows.touch('2', 1);
  await pass(1000);
  rows.refresh();
  await pass(4000);
  server.fails = false;
  await pass(8000);
  assert.deepEqual(ids(), ['2', '1']);
});

test('further pages come by their cursor, and new rows do not make the list grow for ever', async () => {
  const { server, rows, ids } = await opened(['1', '2', '3', '4', '5', '6', '7']);
  assert.deepEqual(ids(), ['7', '6', '5']);
  await rows.more();
  assert.deepEqual(ids(), ['7', '6', '5', '4', '3', '2']);
  await rows.more();
  assert.deepEqual(ids(), ['7', '6', '5', '4', '3', '2', '1']);
  assert.equal(rows.next.value, null);
  server.asked.length = 0;
  for (const id of ['8', '9', '10']) {
    server.rows.set(id, item(id));
    rows.put(item(id));
  }
  await pass(1500);
  assert.deepEqual(server.asked, ['page']);
  assert.deepEqual(ids(), ['10', '9', '8', '7', '6', '5', '4']);
  assert.equal(rows.next.value, '4');
});

test('what is new waits while the list is not to move, whichever way it was heard, and comes when it is let in', async () => {
  let isStill = true;
  const { server, rows, ids } = await opened(['1', '3', '5'], { waits: () => isStill });
  rows.put(item('6'));
  server.rows.set('4', item('4'));
  server.rows.set('6', item('6', { note: 'read' }));
  rows.refresh();
  await pass(1500);
  assert.deepEqual(ids(), ['5', '3', '1']);
  assert.deepEqual(rows.waiting.value.map(({ id, note }) => [id, note]), [['6', 'read'], ['4', undefined]]);
  rows.put(item('5', { note: 'patched' }));
  assert.equal(rows.items.value[0].note, 'patched');
  rows.release();
  assert.deepEqual([ids(), rows.waiting.value], [['6', '5', '4', '3', '1'], []]);
  isStill = false;
  rows.put(item('7'));
  assert.deepEqual(ids()[0], '7');
});

test('reading anew takes nothing from a reader who went far: what lies beyond its pages stays', async () => {
  const { server, rows, ids } = await opened(Array.from({ length: 1500 }, (_, index) => String(index + 1)), { size: 200 });
  for (let pages = 1; pages < 7; pages++) await rows.more();
  assert.equal(ids().length, 1400);
  server.rows.set('1400', item('1400', { note: 'new' }));
  server.asked.length = 0;
  rows.refresh();
  await pass(2500);
  assert.equal(server.asked.length, 5);
  assert.deepEqual(ids(), Array.from({ length: 1400 }, (_, index) => String(1500 - index)));
  assert.equal(rows.items.value[100].note, 'new');
  await rows.more();
  assert.equal(ids().length, 1500);
});

test('a list may have an order of its own: what is put stands where the order has it', async () => {
  const rows = list({ size: 3, page: async () => ({ items: [item('1'), item('3')], next: null }), one: async (id) => item(id), order: (a, b) => Number(a.id) - Number(b.id) });
  rows.refresh();
  await pass(300);
  rows.put(item('2'));
  assert.deepEqual(rows.items.value.map(({ id }) => id), ['1', '2', '3']);
});
