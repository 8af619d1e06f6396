// @ts-check
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { ValueToCopy } from '../../ui/value.js';

/** @typedef {import('../../core/types.js').User} User */
/** @typedef {import('./people.js').Draft} Draft */

/** @type {import('../../core/types.js').Role[]} */
const ROLES = ['operator', 'manager', 'admin'];

/**
 * One employee: what he will be called here, or, once he is there, his link.
 * @param {{draft: Draft, users: User[], busy: boolean, onChange: (news: Partial<Draft>) => void, onInvite: () => void}} props
 */
export function PersonLine({ draft, users, busy, onChange, onInvite }) {
  const { account, said, owner } = draft;
  if (owner) {
    return html`<li class="employee">
      <p><strong dir="auto">${owner.name || owner.login}</strong> <span class="muted">${t('setup.people.is', { login: owner.login, account })}</span></p>
      ${draft.link && html`<${ValueToCopy} id=${`link-${account}`} label=${t('setup.people.link')} value=${draft.link} />`}
      ${!draft.link && owner.id !== me.value?.id && html`<div class="buttons"><button type="button" class="button" onClick=${onInvite}>${t('setup.people.invite')}</button></div>`}
      ${draft.error && html`<p class="alert" role="alert">${draft.error}</p>`}
    </li>`;
  }
  const isNew = ROLES.some((role) => role === draft.who);
  const write = (/** @type {'name'|'login'|'who'} */ member) => (/** @type {any} */ event) => onChange({ [member]: event.currentTarget.value, error: '' });
  return html`<li class="employee">
    <label class="tick"><input type="checkbox" checked=${draft.on} disabled=${busy} onChange=${(/** @type {any} */ event) => onChange({ on: event.currentTarget.checked })} />
      <strong dir="auto">${said}</strong>${said !== account && html` <span class="muted">${account}</span>`}</label>
    ${draft.on && html`<div class="employee-fields">
      <label><span class="hint">${t('setup.people.role')}</span>
        <select aria-label=${t('setup.people.who', { account: said })} value=${draft.who} disabled=${busy} onChange=${write('who')}>
          ${ROLES.map((role) => html`<option key=${role} value=${role}>${t(`role.${role}`)}</option>`)}
          <optgroup label=${t('setup.people.known')}>${users.map((user) => html`<option key=${user.id} value=${user.id}>${user.name || user.login}</option>`)}</optgroup>
        </select></label>
      ${isNew && html`<label><span class="hint">${t('setup.people.called')}</span>
          <input aria-label=${t('setup.people.name', { account: said })} value=${draft.name} required maxlength="200" disabled=${busy} onInput=${write('name')} autocomplete="off" /></label>
        <label><span class="hint">${t('setup.login')}</span>
          <input aria-label=${t('setup.people.login', { account: said })} value=${draft.login} required maxlength="64" disabled=${busy} onInput=${write('login')} autocomplete="off" autocapitalize="none" spellcheck=${false} /></label>`}
    </div>`}
    ${draft.error && html`<p class="alert" role="alert">${draft.error}</p>`}
  </li>`;
}
