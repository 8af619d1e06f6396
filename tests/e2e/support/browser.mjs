/** A real Chromium, and a person before it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { HOST, PASSWORD } from './office.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launch() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-proxy-server', `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
    ],
  });
}

/** One browser profile with one person in it. */
export class Person {
  /** Without a service worker: what passes one, tests cannot break off. */
  static async at(browser, address, options = {}) {
    const person = new Person();
    person.address = address;
    const usual = { locale: 'ru-RU', timezoneId: 'Europe/Moscow', viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' };
    person.context = await browser.newContext({ ...usual, ...options });
    person.context.setDefaultTimeout(10_000);
    person.wrongs = [];
    person.page = await person.tab();
    return person;
  }

  /** A further tab; what goes wrong in it fails the test at `leave`. */
  async tab() {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => this.wrongs.push(error.stack));
    page.on('dialog', (dialog) => {
      this.wrongs.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.wrongs.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith('http') && host !== new URL(this.address).host) this.wrongs.push(`a third party: ${request.url()}`);
    });
    return page;
  }

  /** In at the card's own page, or at another: the form has its own tests. */
  async signIn(login, path = '/card') {
    const answer = await fetch(`http://127.0.0.1:${new URL(this.address).port}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password: PASSWORD }),
    });
    assert.equal(answer.status, 200, await answer.text());
    const [name, value] = answer.headers.get('set-cookie').split(';')[0].split('=');
    await this.context.addCookies([{ name, value, url: this.address, httpOnly: true, sameSite: 'Lax' }]);
    await this.page.goto(`${this.address}${path}`);
    await this.isLive();
  }

  /** In by the form, to which the address leads. */
  async signInByHand(login, path = '/card') {
    await this.page.goto(`${this.address}${path}`);
    await this.page.getByLabel('Логин').fill(login);
    await this.page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Войти' }).click();
    await this.isLive();
  }

  async isLive(page = this.page) {
    await page.locator('[data-stream="live"]').waitFor();
  }

  /** The card of this client, in this phase. */
  card(text, phase, page = this.page) {
    const cards = page.locator(phase ? `.card[data-phase="${phase}"]` : '.card');
    return text ? cards.filter({ hasText: text }) : cards;
  }

  /** Sends every card away, so that the next test begins with none. */
  async clear() {
    await this.page.evaluate(async () => {
      const answer = await fetch('/api/calls?limit=30');
      if (!answer.ok) return;
      const { items } = await answer.json();
      await Promise.all(items.map(({ id }) => fetch(`/api/calls/${id}/dismiss`, { method: 'POST' })));
    });
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.wrongs, []);
  }
}

/** Nothing that axe-core knows of is wrong with the page. */
export async function isAccessible(page, where) {
  await page.emulateMedia({ reducedMotion: 'reduce' }); // colours are measured at rest
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(({ html }) => html).join('\n')}`), []);
}
