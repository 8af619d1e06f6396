// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';

/** @typedef {import('../../core/types.js').Integration} Integration */
/** @typedef {import('../../core/types.js').User} User */
/** @typedef {import('../../core/types.js').Account} Account */

/** The PBX's employees, each given to one of our users. @param {{integration: Integration}} props */
export function People({ integration }) {
  const [accounts, setAccounts] = useState(/** @type {Account[]|null} */ (null));
  const [users, setUsers] = useState(/** @type {User[]} */ ([]));
  const [owners, setOwners] = useState(/** @type {Record<string, string>} */ ({}));
  const [message, setMessage] = useState({ text: '', bad: false });
  useEffect(() => {
    Promise.all([api.accounts(integration.id), api.users()]).then(
      ([found, people]) => {
        setOwners(Object.fromEntries(found.items.map((account) => [account.account, ownerOf(account)])));
        setUsers(people.items);
        setAccounts(found.items);
      },
      (refusal) => setMessage({ text: explain(refusal), bad: true }),
    );
  }, [integration.id]);
  const save = async () => {
    try {
      await Promise.all(users.map((user) => give(user, integration.id, owners)));
      me.value = await api.whoAmI();
      setMessage({ text: t('setup.people.saved'), bad: false });
    } catch (refusal) {
      setMessage({ text: explain(refusal), bad: true });
    }
  };
  return html`<section class="form" aria-labelledby="people-title">
    <div><h2 id="people-title">${t('setup.people.title')}</h2><p class="hint">${t('setup.people.more')}</p></div>
    ${accounts?.length === 0 && html`<p class="caution">${t('setup.people.none')}</p>`}
    <ul class="people">${accounts?.map(({ account, name }) => html`<li key=${account}>
      <span><strong dir="auto">${name || account}</strong> <span class="muted">${name ? account : ''}</span></span>
      <select aria-label=${t('setup.people.for', { account: name || account })} value=${owners[account]} onChange=${(/** @type {any} */ event) => setOwners({ ...owners, [account]: event.currentTarget.value })}>
        <option value="">${t('setup.people.nobody')}</option>
        ${users.map((user) => html`<option key=${user.id} value=${user.id}>${user.name || user.login}</option>`)}
      </select></li>`)}</ul>
    ${accounts && accounts.length > 0 && html`<div class="buttons"><button type="button" class="button" onClick=${save}>${t('setup.people.save')}</button></div>`}
    <div role="status">${message.text && html`<p class=${message.bad ? 'alert' : 'done'}>${message.text}</p>`}</div>
  </section>`;
}

/** @param {Account} account */
function ownerOf({ user }) {
  return typeof user === 'string' ? user : (user?.id ?? '');
}

/** @param {User} user @param {string} integration @param {Record<string, string>} owners account → user */
async function give(user, integration, owners) {
  const before = user.lines;
  const here = Object.keys(owners).filter((account) => owners[account] === user.id);
  const kept = before.filter((line) => line.integration !== integration);
  const lines = [...here.map((account) => ({ integration, account })), ...kept];
  if (JSON.stringify(lines) === JSON.stringify(before)) return;
  await api.changeUser(user.id, { lines });
}
