// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { Icon } from '../../../ui/icon.js';
import { Password } from '../../../ui/password.js';
import { attempt } from '../../../ui/toast.js';
import { InviteLink } from './invite-link.js';
import { PersonAccess } from './person-access.js';

/** @typedef {import('../../../core/types.js').WholePerson} User */
/** @typedef {import('../../../core/types.js').Line} Line */
/** @typedef {import('../../../core/types.js').Integration} Integration */

await loadPart('setup');

const ROLES = ['operator', 'manager', 'admin'];

/** One person: name, login, role, lines, that which is `asked` for among them. Whoever is new sets the password himself, by a link. @param {{user: User|null, asked: Line|null, integrations: Integration[], onClose: () => void}} props */
export function PersonForm({ user, asked, integrations, onClose }) {
  const [error, setError] = useState('');
  const [lines, setLines] = useState([...(user?.lines ?? []), ...(asked ? [asked] : [])]);
  const [withPassword, setWithPassword] = useState(false);
  const [invite, setInvite] = useState(/** @type {import('../../../core/types.js').Invite|null} */ (null));
  const [leaving, setLeaving] = useState(false);
  const save = async (/** @type {any} */ event) => {
    event.preventDefault();
    setError('');
    const fields = new FormData(event.currentTarget);
    const text = (/** @type {string} */ name) => String(fields.get(name) ?? '').trim();
    /** @type {Record<string, any>} */
    const person = { login: text('login'), name: text('name'), role: text('role'), lines: lines.filter(({ account }) => account.trim()) };
    if (withPassword) person.password = String(fields.get('password'));
    try {
      const made = user ? await api.changeUser(user.id, person) : await api.createUser(person);
      if (user?.id === me.value?.id) me.value = await api.whoAmI();
      if ('invite' in made && made.invite) setInvite(made.invite);
      else onClose();
    } catch (refusal) {
      setError(explain(refusal));
    }
  };
  const remove = () => attempt(async () => {
    await api.removeUser(user?.id ?? '');
    onClose();
  });
  const reinvite = () => attempt(async () => setInvite(await api.invite(user?.id ?? '')));
  if (invite) {
    return html`<section class="panel settings-form"><h2>${user ? user.name || user.login : t('people.new')}</h2><${InviteLink} invite=${invite} />
      <div class="buttons"><button type="button" class="button primary" onClick=${onClose}>${t('people.invite_done')}</button></div></section>`;
  }
  return html`<section class="panel settings-form"><h2>${user ? user.name || user.login : t('people.new')}</h2>
    <form class="form" onSubmit=${save}>
      <div class="field"><label for="person-name">${t('people.name')}</label><input id="person-name" name="name" maxlength="100" autocomplete="off" defaultValue=${user?.name ?? ''} /></div>
      <div class="field"><label for="person-login">${t('setup.login')}</label><input id="person-login" name="login" required maxlength="100" autocomplete="off" autocapitalize="none" spellcheck=${false} defaultValue=${user?.login ?? ''} /></div>
      <div class="field"><label for="person-role">${t('field.role')}</label>
        <select id="person-role" name="role" aria-describedby="person-role-more">${ROLES.map((role) => html`<option key=${role} value=${role} selected=${role === (user?.role ?? 'operator')}>${t(`people.role.${role}`)}</option>`)}</select>
        <p class="hint" id="person-role-more">${t('people.roles')}</p></div>
      <${Lines} lines=${lines} integrations=${integrations} onChange=${setLines} />
      ${withPassword ? html`<${Password} id="person-password" name="password" label=${t(user ? 'people.new_password' : 'setup.password')} more=${t('setup.password.more')} autocomplete="new-password" minlength=${8} />`
        : html`<div class="field"><div class="buttons">${user && user.id !== me.value?.id && html`<button type="button" class="button small" onClick=${reinvite}>${t('people.invite_again')}</button>`}
            <button type="button" class="button small" onClick=${() => setWithPassword(true)}>${t(user ? 'people.set_password' : 'people.password_here')}</button></div>
          ${(!user || user.id !== me.value?.id) && html`<p class="hint">${t(user ? 'people.invite_again_more' : 'people.invite_first')}</p>`}</div>`}
      <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
      <div class="buttons"><button class="button primary">${t(user || withPassword ? 'settings.save' : 'people.invite')}</button><button type="button" class="button" onClick=${onClose}>${t('settings.back')}</button></div>
    </form>
    ${user && user.id !== me.value?.id && html`<div class="panel-foot buttons">${leaving
      ? html`<span>${t('people.remove_more')}</span><button type="button" class="button danger" onClick=${remove}>${t('people.remove_now')}</button>
        <button type="button" class="button" onClick=${() => setLeaving(false)}>${t('missed.cancel')}</button>`
      : html`<button type="button" class="button" onClick=${() => setLeaving(true)}>${t('people.remove')}</button>`}</div>`}</section>
    ${user && user.id !== me.value?.id && html`<${PersonAccess} user=${user} />`}`;
}

/** How the person is known to each system; the first is the line that a click calls from. @param {{lines: Line[], integrations: Integration[], onChange: (lines: Line[]) => void}} props */
function Lines({ lines, integrations, onChange }) {
  const change = (/** @type {number} */ at, /** @type {Partial<Line>} */ with_) => onChange(lines.map((line, index) => (index === at ? { ...line, ...with_ } : line)));
  const [first] = integrations;
  return html`<fieldset class="field"><legend class="label">${t('people.lines')}</legend><p class="hint">${t('people.lines_more')}</p>
    ${lines.map((line, index) => html`<div class="line-row" key=${index}>
      <select aria-label=${t('people.line_of', { n: index + 1 })} value=${line.integration} onChange=${(/** @type {any} */ event) => change(index, { integration: event.currentTarget.value })}>
        ${integrations.map(({ id, name }) => html`<option key=${id} value=${id} selected=${id === line.integration}>${name}</option>`)}</select>
      <input aria-label=${t('people.account_of', { n: index + 1 })} placeholder=${t('people.account')} maxlength="256" autocomplete="off" autocapitalize="none" spellcheck=${false} value=${line.account}
        onInput=${(/** @type {any} */ event) => change(index, { account: event.currentTarget.value })} />
      <button type="button" class="icon-button" aria-label=${t('people.line_remove', { n: index + 1 })} title=${t('people.line_remove', { n: index + 1 })}
        onClick=${() => onChange(lines.filter((_, at) => at !== index))}><${Icon} name="x" /></button></div>`)}
    ${first ? html`<div><button type="button" class="button small" onClick=${() => onChange([...lines, { integration: first.id, account: '' }])}>${t('people.line_add')}</button></div>`
      : html`<p class="hint">${t('people.no_systems')}</p>`}</fieldset>`;
}
