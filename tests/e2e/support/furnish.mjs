/** An office as it is on a busy day: clients, talks with recordings, misses, promises, blocked numbers. */
import { until } from './office.mjs';

/** A tone of so many seconds: 8 kHz, 8 bits, one channel. */
export function wav(seconds) {
  const samples = Buffer.alloc(8000 * seconds);
  for (let at = 0; at < samples.length; at += 1) samples[at] = 128 + Math.round(40 * Math.sin((at / 8000) * 440 * 2 * Math.PI));
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const NUMBERS = {
  ivan: '79161234501', vip: '79161234502', olga: '79161234503', firm: '74957770011', stranger: '79261112233', lost: '79035554411',
  night: '79167778899', spam: '79580001122', abroad: '375291112233',
};
const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString().replace(/[-:]|\.\d+/g, '');

/** Fills the office; gives what the pages are opened with. @param {import('./office.mjs').Office} office @param {string} recording where the PBX keeps the file */
export async function furnish(office, recording) {
  const { pbx } = office;
  let count = 0;
  await office.api('PATCH', 'settings', { numbers: [{ number: '+74951234567', label: 'Сайт' }, { number: '+74957654321', label: 'Авито' }] });
  const contact = (name, number, more = {}) => office.api('POST', 'contacts', { name, phones: [{ number: `+${number}` }], ...more });
  const client = await contact('Иван Петров', NUMBERS.ivan, {
    company: 'ООО «Северный ветер»', tags: ['опт', 'постоянный', 'доставка'], responsible: office.anna.id, alert: 'Говорить громче: плохо слышит',
    phones: [{ number: `+${NUMBERS.ivan}`, label: 'личный' }, { number: '+74956667788', label: 'офис' }], email: 'petrov@example.com',
  });
  await contact('Константин Константинович Константинопольский', NUMBERS.vip, { vip: true, company: 'Торговый дом «Восточная компания северных морей»', tags: ['опт', 'юг', 'склад', 'зима'] });
  await contact('Ольга Ким', NUMBERS.olga, { kind: 'lead', tags: ['замер'] });
  await contact('Ромашка', NUMBERS.firm, { company: 'ООО «Ромашка»' });
  const call = async (number, user, minutes, more = {}) => {
    const callid = `past-${++count}`;
    await pbx.history(callid, user, number, { start: minutesAgo(minutes), ...more });
    return (await office.api('GET', `calls?callid=${callid}`)).items[0];
  };
  const miss = async (number, more = {}, ...people) => {
    const callid = await pbx.rings(number, ...people);
    if (people.length > 0) await new Promise((go) => setTimeout(go, 1100));
    await pbx.history(callid, people[0] ?? 'pbx', number, { status: 'missed', duration: '0', ...more });
    return (await office.api('GET', `calls?callid=${callid}`)).items[0];
  };
  await call(NUMBERS.ivan, 'anna', 26 * 60, { duration: '240' });
  await call(NUMBERS.ivan, 'anna', 3 * 24 * 60, { type: 'out', duration: '30' });
  await call(NUMBERS.olga, 'dasha', 190, { type: 'out', status: 'Busy', duration: '0' });
  await call(NUMBERS.firm, 'dasha', 150, { duration: '612' });
  await call(NUMBERS.abroad, 'anna', 120, { type: 'out', duration: '41' });
  await call(NUMBERS.stranger, 'anna', 90, { diversion: '74957654321' });
  const grouped = await pbx.rings(NUMBERS.firm);
  await pbx.event('INCOMING', grouped, 'anna', NUMBERS.firm, { groupRealName: 'Отдел продаж' });
  await pbx.event('INCOMING', grouped, 'dasha', NUMBERS.firm, { groupRealName: 'Отдел продаж' });
  await pbx.event('ACCEPTED', grouped, 'dasha', NUMBERS.firm, { groupRealName: 'Отдел продаж' });
  await pbx.history(grouped, 'dasha', NUMBERS.firm, { duration: '73', groupRealName: 'Отдел продаж' });
  const { outcomes } = await office.api('GET', 'settings');
  const talk = await call(NUMBERS.ivan, 'anna', 35, { link: recording });
  await office.api('PATCH', `calls/${talk.id}`, { note: 'Просит счёт на сорок окон; доставка до пятницы, подъём на третий этаж без лифта.', note_rev: 0, outcome: outcomes[0].id });
  await miss(NUMBERS.lost, {}, 'anna', 'dasha');
  await miss(NUMBERS.lost);
  await miss(NUMBERS.vip, { diversion: '74957654321' });
  await miss(NUMBERS.olga);
  await miss(NUMBERS.abroad);
  const blocked = await miss(NUMBERS.spam);
  await office.api('PUT', `numbers/${encodeURIComponent(`+${NUMBERS.spam}`)}/block`, { why: 'Реклама' });
  const rows = (await office.api('GET', 'missed?limit=50')).items;
  const missed = (number) => rows.find((row) => row.number === `+${number}`);
  await office.api('PATCH', `missed/${missed(NUMBERS.olga).id}`, { state: 'snoozed', until: new Date(Date.now() + 3_600_000).toISOString() });
  const promise = (number, minutes, text, user) => office.api('POST', 'promises', { number: `+${number}`, due_at: new Date(Date.now() + minutes * 60_000).toISOString(), text, user: user.id });
  await promise(NUMBERS.firm, -4, 'Цена на второе окно', office.dasha);
  await promise(NUMBERS.ivan, -1, 'Когда приедут замерять', office.dasha);
  await promise(NUMBERS.firm, 95, 'Прислать договор', office.anna);
  await until(async () => (await office.api('GET', `calls/${talk.id}`)).recording.state === 'ready', 'the recording is there');
  return { numbers: NUMBERS, client, talk, blocked };
}
