/** An office in which every text that somebody may write is one of the payloads. */
import { createServer } from 'node:http';
import { until } from './office.mjs';
import { PAYLOADS, kept } from './payloads.mjs';

/** The one so far along the list, round and round; `most`: of those that are no longer. */
export const payload = (/** @type {number} */ at, most = 140) => PAYLOADS.filter((text) => [...kept(text)].length <= most).at(at % PAYLOADS.filter((text) => [...kept(text)].length <= most).length) ?? '';
/** As a PBX may say it: a message with a zero in it is refused. */
const pushed = (/** @type {number} */ at) => payload(at).replaceAll('\u0000', '');
const soon = (/** @type {number} */ minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
const numberOf = (/** @type {number} */ at) => `7944000${String(at).padStart(4, '0')}`;

/** Their names have neither `=` nor `/`. */
export const INTEGRATION = '"><xss onclick>{{alert(1)}}';

/** A Mango that refuses all with a payload. */
async function refusing() {
  const server = createServer((_, response) => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: payload(1), message: payload(11), code: payload(31) })));
  await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(null)));
  return server;
}

/** Fills the office; gives what the pages are opened with. @param {import('./office.mjs').Office} office */
export async function spoil(office) {
  const { pbx } = office;
  const mango = await refusing();
  await office.api('POST', 'integrations', { name: INTEGRATION, kind: 'mango', settings: { url: `http://127.0.0.1:${mango.address().port}/v1`, token: 'a key of mango', widget_id: payload(12) } });
  const users = [];
  for (const [at, login] of ['<img/src=x/onerror=alert(1)>', '"><svg/onload=alert(2)>', 'javascript:alert(3)'].entries()) {
    users.push(await office.api('POST', 'users', { login, name: payload(11 + at), role: 'operator', password: 'correct horse battery', lines: [{ integration: pbx.integration.id, account: payload(24 + at) }] }));
  }
  const [user] = users;
  await office.api('PATCH', 'settings', {
    numbers: [{ number: '+74951234567', label: payload(2, 50) }],
    outcomes: PAYLOADS.filter((text) => kept(text).length <= 50).slice(0, 9),
    sites: [{ id: 'one', name: payload(3, 50), numbers: ['+74957654321'], working_hours: null }],
    working_hours: { zone: 'Europe/Moscow', days: { mon: [{ from: '09:00', to: '18:00' }] }, exceptions: [{ from: '2026-12-31', to: '2027-01-08', name: payload(5, 50), intervals: [] }] },
    display_name: `${payload(10, 50)} {name}`,
  });
  const outcomes = (await office.api('GET', 'settings')).outcomes.filter(({ is_archived }) => !is_archived);
  for (let at = 0; at < 20; at += 1) await office.api('POST', 'tokens', { name: payload(at * 4, 100), role: 'operator' });
  for (let at = 0; at < 5; at += 1) await office.api('PUT', `numbers/${encodeURIComponent(`+7945000000${at}`)}/block`, { why: payload(at * 13) });
  const contacts = [];
  const calls = [];
  for (const [at, text] of PAYLOADS.entries()) {
    const number = numberOf(at);
    const more = { company: payload(at + 1), email: at % 3 === 0 ? `"<svg/onload=alert(${at})>"@x.ru` : '', note: payload(at + 2), alert: payload(at + 3), tags: [payload(at + 4, 50), payload(at + 5, 50)] };
    contacts.push(await office.api('POST', 'contacts', { name: text, ...more, responsible: user.id, vip: at % 2 === 0, phones: [{ number: `+${number}`, label: payload(at + 6, 50) }] }));
    const callid = `${at} ${pushed(at + 7)}`;
    const group = { groupRealName: pushed(at + 8), ext: pushed(at + 9), telnum_name: pushed(at + 10) };
    const isMissed = at % 3 === 0;
    await pbx.history(callid, payload(24 + (at % 3)), number, { ...group, link: payload(52 + (at % 15)), ...(isMissed ? { status: 'missed', duration: '0' } : {}) });
    const [call] = (await office.api('GET', `calls?callid=${encodeURIComponent(kept(callid))}`)).items;
    calls.push(call);
    await office.api('PATCH', `calls/${call.id}`, { note: payload(at + 12), note_rev: 0, ...(isMissed ? {} : { outcome: outcomes[at % outcomes.length].id }) });
    if (at < 20) await office.api('POST', 'promises', { contact: contacts[at].id, due_at: soon(at - 5), text: payload(at * 4 + 3) });
    if (at % 12 === 6) await office.api('PATCH', `contacts/${contacts[at].id}`, { note: payload(at + 13), company: payload(at + 14) });
  }
  for (let at = 0; at < 10; at += 1) await pbx.history(`a hidden one ${at}`, pushed(at * 8 + 5), pushed(at * 8 + 1), { status: 'missed', duration: '0', diversion: pushed(at * 8 + 2) });
  const missed = (await office.api('GET', 'missed?limit=200')).items;
  for (const [at, row] of missed.slice(0, 10).entries()) await office.api('PATCH', `missed/${row.id}`, { state: 'closed', reason: payload(at * 8 + 4) });
  const twin = await office.api('POST', 'contacts', { name: payload(12), company: payload(13), phones: contacts[11].phones.map(({ number }) => ({ number, label: payload(0, 50) })) });
  const rows = [PAYLOADS.slice(0, 30).map((text) => cell(kept(text))), ['', ...PAYLOADS.slice(30, 59).map((text) => cell(kept(text)))]];
  const file = await upload(office, payload(11), rows.map((row) => row.join(';')).join('\n'));
  const checked = await upload(office, payload(31), ['name;phones', ...PAYLOADS.map((text) => `${cell(kept(text))};none`)].join('\n'));
  const { columns } = checked;
  const task = await office.api('POST', `contacts/import/${checked.id}/run`, { columns: ['name', 'phones'].slice(0, columns.length), match: 'number', on_match: 'skip' });
  await until(async () => (await office.api('GET', `tasks/${task.id}`)).state === 'done', 'the file is gone through');
  await until(async () => (await office.api('GET', 'outbox?limit=200')).items.some(({ why }) => why !== null), 'Mango has refused');
  return { contacts, calls, users, twin, file, checked, mango, number: numberOf };
}

const cell = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`;

async function upload(office, name, text) {
  const answer = await fetch(`${office.origin}/api/contacts/import?name=${encodeURIComponent(`${name}.csv`)}`, { method: 'POST', headers: { cookie: office.cookie, 'content-type': 'application/octet-stream' }, body: text });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}
