// @ts-check
import * as api from '../../../core/api.js';
import { formatExact, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { attempt } from '../../../ui/toast.js';
import { Asked, useAsked } from './asked.js';

await loadPart('security');

/** @typedef {import('../../../core/types.js').OpenSession} OpenSession */

/** What browsers and systems call themselves, the more telling first. @type {[string, string][]} */
const BROWSERS = [['YaBrowser/', 'Yandex Browser'], ['OPR/', 'Opera'], ['Edg', 'Edge'], ['Firefox/', 'Firefox'], ['FxiOS/', 'Firefox'], ['CriOS/', 'Chrome'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']];
/** @type {[string, string][]} */
const SYSTEMS = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['Windows', 'Windows'], ['Mac OS X', 'macOS'], ['CrOS', 'ChromeOS'], ['Linux', 'Linux']];

/** `Firefox, Windows`; of a stranger its own first word. @param {string} browser */
function nameOf(browser) {
  const [name, system] = [BROWSERS, SYSTEMS].map((known) => known.find(([word]) => browser.includes(word))?.[1]);
  return [name ?? (browser.split(/[\s/]/)[0] || t('sessions.unnamed')), system].filter(Boolean).join(', ');
}

/** The browsers that somebody is signed in with, each to be ended. @param {{user?: string}} props whose; absent: one's own */
export function Sessions({ user }) {
  const [answer, again] = useAsked(() => api.sessions(user));
  const end = (/** @type {OpenSession[]} */ ended) => attempt(async () => {
    try {
      for (const { id } of ended) await api.endSession(id);
    } finally {
      await again();
    }
  });
  const others = typeof answer === 'object' ? answer.items.filter((one) => !one.is_this) : [];
  const foot = others.length > 1 && html`<div class="panel-foot"><button type="button" class="button" onClick=${() => end(others)}>${t(user ? 'sessions.end_all' : 'sessions.end_others')}</button></div>`;
  const show = (/** @type {{items: OpenSession[]}} */ { items }) => (items.length === 0
    ? html`<p class="empty">${t('sessions.none')}</p>`
    : html`<ul class="rows">${items.map((session) => html`<${Row} key=${session.id} session=${session} onEnd=${() => end([session])} />`)}</ul>`);
  return html`<${Asked} title=${t('sessions.title')} more=${t(user ? 'sessions.more_of' : 'sessions.more')} answer=${answer} foot=${foot} show=${show} />`;
}

/** @param {{session: OpenSession, onEnd: () => void}} props */
function Row({ session: { browser, address, made_at: made, seen_at: seen, is_this: isThis }, onEnd }) {
  const name = nameOf(browser);
  return html`<li class="row"><span class="row-icon"><${Icon} name="monitor-smartphone" /></span>
    <div class="row-main"><p class="row-title"><span dir="auto" title=${browser}>${name}</span> ${isThis && html`<span class="badge good">${t('sessions.this')}</span>`}</p>
      <p class="row-more muted">${address && html`<span>${address}</span>`}
        ${!isThis && html`<span title=${formatExact(seen)}>${t('sessions.seen', { when: formatWhen(seen) })}</span>`}<span title=${formatExact(made)}>${t('sessions.made', { when: formatWhen(made) })}</span></p></div>
    ${!isThis && html`<button type="button" class="button small" aria-label=${`${t('sessions.end')}: ${name}`} onClick=${onEnd}>${t('sessions.end')}</button>`}</li>`;
}
