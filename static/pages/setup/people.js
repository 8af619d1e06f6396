// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { PersonLine } from './person-line.js';

/** @typedef {import('../../core/types.js').Integration} Integration */
/** @typedef {import('../../core/types.js').User} User */
/** @typedef {import('../../core/types.js').Account} Account */

/**
 * An employee of the PBX and what is to become of him: a new person of a role, or somebody who is there.
 * @typedef {{account: string, said: string, on: boolean, name: string, login: string, who: string,
 *   owner: import('../../core/types.js').UserRef|null, link: string, error: string}} Draft
 */

/**
 * All employees, each with a tick; one press makes them all.
 * @param {{integration: Integration, accounts: Account[], users: User[], onAll: () => void}} props
 */
export function People({ integration, accounts, users, onAll }) {
  const [drafts, setDrafts] = useState(() => accounts.map(draftOf));
  const [busy, setBusy] = useState(false);
  const change = (/** @type {string} */ account, /** @type {Partial<Draft>} */ news) =>
    setDrafts((all) => all.map((one) => (one.account === account ? { ...one, ...news } : one)));
  const waiting = drafts.filter(({ on, owner }) => on && !owner);
  const isDone = waiting.length === 0;
  useEffect(() => {
    if (isDone) onAll();
  }, [isDone]);
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    setBusy(true);
    for (const draft of waiting) {
      try {
        change(draft.account, { error: '', ...(await settle(draft, integration.id)) });
      } catch (refusal) {
        change(draft.account, { error: explain(refusal) });
      }
    }
    me.value = await api.whoAmI().catch(() => me.value);
    setBusy(false);
  };
  const invite = async (/** @type {Draft} */ draft) => {
    try {
      if (draft.owner) change(draft.account, { error: '', link: (await api.invite(draft.owner.id)).url });
    } catch (refusal) {
      change(draft.account, { error: explain(refusal) });
    }
  };
  return html`<form class="form" onSubmit=${submit}>
    <ul class="people">${drafts.map((draft) => html`<${PersonLine} key=${draft.account} draft=${draft} users=${users} busy=${busy}
      onChange=${(/** @type {Partial<Draft>} */ news) => change(draft.account, news)} onInvite=${() => invite(draft)} />`)}</ul>
    ${waiting.length > 0 && html`<div class="buttons"><button class="button primary" disabled=${busy}>${busy ? t('setup.people.wait') : t('setup.people.make', { n: waiting.length })}</button></div>`}
    <div role="status">${isDone && drafts.some(({ link }) => link) && html`<p class="done">${t('setup.people.made')}</p>`}</div>
  </form>`;
}

/** @param {Account} found @returns {Draft} */
function draftOf({ account, name, user }) {
  const login = account.split('@')[0].replace(/\s+/g, '');
  return { account, said: name || account, on: true, name: name || account, login, who: 'operator', owner: user, link: '', error: '' };
}

/** @param {Draft} draft @param {string} integration @returns {Promise<Partial<Draft>>} */
async function settle(draft, integration) {
  const line = { integration, account: draft.account };
  if (['operator', 'manager', 'admin'].includes(draft.who)) {
    const made = await api.createUser({ login: draft.login.trim(), name: draft.name.trim(), role: draft.who, lines: [line] });
    return { owner: made, link: made.invite?.url ?? '' };
  }
  // He may have been given another line a moment ago.
  const { lines } = await api.user(draft.who);
  return { owner: await api.changeUser(draft.who, { lines: [...lines, line] }) };
}
