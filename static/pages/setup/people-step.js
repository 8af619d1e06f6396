// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { People } from './people.js';

/** @typedef {import('../../core/types.js').Integration} Integration */
/** @typedef {import('../../core/types.js').Account} Account */
/** @typedef {import('../../core/types.js').User} User */

/**
 * The PBX's employees become people who sign in.
 * @param {{integration: Integration, onBack: () => void, onDone: () => void}} props
 */
export function PeopleStep({ integration, onBack, onDone }) {
  const [found, setFound] = useState(/** @type {{accounts: Account[], users: User[]}|null} */ (null));
  const [error, setError] = useState('');
  const [done, setDone] = useState(false);
  const load = () => {
    setError('');
    Promise.all([api.accounts(integration.id), api.users()]).then(
      ([accounts, users]) => setFound({ accounts: accounts.items, users: users.items }),
      (refusal) => setError(explain(refusal)),
    );
  };
  useEffect(load, [integration.id]);
  return html`<div><h1>${t('setup.people.title')}</h1><p class="hint">${t('setup.people.more')}</p></div>
    ${error && html`<p class="alert" role="alert">${error}</p>`}
    ${!found && !error && html`<p class="listening" role="status"><span class="wait-ring"></span>${t('setup.checking')}</p>`}
    ${found?.accounts.length === 0 && html`<p class="caution">${t('setup.people.none')}</p>`}
    ${found && found.accounts.length > 0 && html`<${People} integration=${integration} accounts=${found.accounts} users=${found.users} onAll=${() => setDone(true)} />`}
    <div class="buttons">
      <button type="button" class=${`button ${done ? 'primary' : ''}`} onClick=${onDone}>${done ? t('setup.next') : t('setup.skip')}</button>
      ${error && html`<button type="button" class="button" onClick=${load}>${t('setup.again')}</button>`}
      <button type="button" class="button" onClick=${onBack}>${t('setup.change')}</button>
    </div>`;
}
