/** A small office: the real server on a throw-away store, its people, and a PBX that speaks the contract. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const BINARY = process.env.RINGCARD_BINARY ?? new URL('../../../target/debug/ringcard', import.meta.url).pathname;
/** The name the browser uses; when it is no loopback name, plain http has no secure context there. */
export const HOST = process.env.RINGCARD_E2E_HOST ?? '127.0.0.1';

export class Office {
  /** The server alone, with nobody in it: `setupLink` is what it printed. */
  static async empty() {
    const office = new Office();
    office.data = await mkdtemp(path.join(tmpdir(), 'ringcard-e2e-'));
    office.port = await freePort();
    office.pbx = await Pbx.start();
    await office.start();
    return office;
  }

  /** With an admin, two operators and a connected PBX. */
  static async open() {
    const office = await Office.empty();
    const token = office.setupLink.split('#')[1];
    await office.api('POST', 'setup', { token, login: 'boss', name: 'Борис', password: PASSWORD });
    const integration = await office.api('POST', 'integrations', {
      name: 'pbx',
      kind: 'cloud-pbx',
      settings: { url: office.pbx.url, token: 'our-key-at-the-pbx' },
    });
    office.pbx.connect(office, integration);
    office.anna = await office.hire('anna', 'Анна');
    office.dasha = await office.hire('dasha', 'Дарья');
    return office;
  }

  hire(login, name) {
    const lines = [{ integration: this.pbx.integration.id, account: login }];
    return this.api('POST', 'users', { login, name, role: 'operator', password: PASSWORD, lines });
  }

  /** Where the server listens, for programs. */
  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where the browser finds it. */
  get address() {
    return `http://${HOST}:${this.port}`;
  }

  async start() {
    const environment = { ...process.env, RINGCARD_LISTEN: `127.0.0.1:${this.port}`, RINGCARD_DATA_DIR: this.data, RINGCARD_LOG: 'warn' };
    this.server = spawn(BINARY, ['serve'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    await new Promise((ready, failed) => {
      this.server.stdout.on('data', (text) => {
        printed += text;
        if (/http:\S+\s/.test(printed)) ready();
      });
      this.server.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
    });
    this.setupLink = /http:\S+/.exec(printed)[0];
    await until(async () => (await fetch(`${this.origin}/readyz`)).ok, 'the server is ready');
  }

  async stop(signal = 'SIGTERM') {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const gone = new Promise((done) => this.server.once('exit', done));
    this.server.kill(signal);
    await gone;
  }

  async close() {
    await this.stop('SIGKILL');
    await this.pbx.close();
    await rm(this.data, { recursive: true, force: true });
  }

  /** The HTTP API as the admin. */
  async api(method, route, body) {
    const answer = await fetch(`${this.origin}/api/${route}`, {
      method,
      headers: { 'content-type': 'application/json', ...(this.cookie ? { cookie: this.cookie } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /api/${route}: ${answer.status} ${text}`);
    const cookie = answer.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    return text ? JSON.parse(text) : null;
  }
}

export const PASSWORD = 'long enough a secret';

/** A cloud PBX: pushes by the contract, and answers accounts and makeCall. */
class Pbx {
  static async start() {
    const pbx = new Pbx();
    pbx.asked = [];
    pbx.refuses = false;
    pbx.calls = 0;
    pbx.server = createServer((request, response) => pbx.answer(request, response));
    await new Promise((ready) => pbx.server.listen(0, '127.0.0.1', ready));
    pbx.url = `http://127.0.0.1:${pbx.server.address().port}/sys/crm_api.wcgp`;
    return pbx;
  }

  connect(office, integration) {
    this.office = office;
    this.integration = integration;
    this.token = integration.crm_token;
  }

  async answer(request, response) {
    let body = '';
    for await (const part of request) body += part;
    if (request.headers['content-type'] === 'application/json') {
      response.end('{"error": {"code": -32004, "message": "Limit is exceeded"}}'); // UIS, full for today
      return;
    }
    const form = Object.fromEntries(new URLSearchParams(body));
    this.asked.push(form);
    response.setHeader('content-type', 'application/json');
    if (this.refuses) {
      response.statusCode = 400;
      response.end('{ error: "Invalid parameters" }');
    } else if (form.cmd === 'accounts') {
      response.end(JSON.stringify([{ name: 'anna', realName: 'Анна Смирнова' }, { name: 'dasha', realName: 'Дарья Ким' }]));
    } else {
      response.end('');
    }
  }

  async push(form) {
    const answer = await fetch(`${this.office.origin}/pbx`, { method: 'POST', body: new URLSearchParams({ ...form, crm_token: this.token }) });
    if (!answer.ok) throw new Error(`the push was refused: ${answer.status} ${await answer.text()}`);
  }

  event(type, callid, user, phone, more = {}) {
    return this.push({ cmd: 'event', type, callid, user, phone, diversion: '74951234567', ...more });
  }

  /** A client rings these phones; gives the call's id. */
  async rings(phone, ...accounts) {
    const callid = `call-${++this.calls}-${process.pid}`;
    for (const account of accounts) await this.event('INCOMING', callid, account, phone);
    return callid;
  }

  history(callid, user, phone, more = {}) {
    return this.push({ cmd: 'history', type: 'in', callid, user, phone, duration: '95', status: 'Success', diversion: '74951234567', ...more });
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

export async function until(check, what, withinMs = 10_000) {
  const end = Date.now() + withinMs;
  let last;
  while (Date.now() < end) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`not within ${withinMs} ms: ${what}${last ? ` (${last.message})` : ''}`);
}

function freePort() {
  return new Promise((found) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
