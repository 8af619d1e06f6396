// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { attempt } from '../../../ui/toast.js';
import { ValueToCopy } from '../../../ui/value.js';
import { Asked, useAsked } from './asked.js';

await loadPart('security');

/** @typedef {import('../../../core/types.js').ApiToken} ApiToken */

const ROLES = /** @type {const} */ (['operator', 'manager', 'admin']);
/** For how many days; 0: until it is ended. */
const DAYS = [30, 90, 365, 0];

/** The keys of programs: made, shown once, ended. */
export function Tokens() {
  const [answer, again] = useAsked(api.tokens);
  const [made, setMade] = useState(/** @type {import('../../../core/types.js').MadeApiToken|null} */ (null));
  const end = (/** @type {ApiToken} */ token) => attempt(async () => {
    await api.endToken(token.id);
    if (made?.id === token.id) setMade(null);
    await again();
  });
  const take = async (/** @type {import('../../../core/types.js').MadeApiToken} */ token) => {
    setMade(token);
    await again();
  };
  const show = (/** @type {{items: ApiToken[]}} */ { items }) => (items.length === 0
    ? html`<p class="empty">${t('tokens.none')}</p>`
    : html`<ul class="rows">${items.map((token) => html`<${Row} key=${token.id} token=${token} onEnd=${() => end(token)} />`)}</ul>`);
  return html`<${Asked} title=${t('settings.tokens')} more=${t('tokens.more')} answer=${answer} show=${show} />
    <section class="panel settings-form"><h2>${t('tokens.new')}</h2>${made
      ? html`<div class="form"><${ValueToCopy} id="token-made" label=${made.name} value=${made.token} more=${t('tokens.once')} />
          <div class="buttons"><button type="button" class="button" onClick=${() => setMade(null)}>${t('tokens.kept')}</button></div></div>`
      : html`<${Add} onMade=${take} />`}</section>`;
}

/** @param {{token: ApiToken, onEnd: () => void}} props */
function Row({ token: { name, role, user, last_used_at: used, expires_at: expires }, onEnd }) {
  const [sure, setSure] = useState(false);
  const isOver = expires !== null && Date.parse(expires) <= Date.now();
  const until = expires && t(isOver ? 'tokens.over' : 'tokens.until', { when: formatWhen(expires) });
  return html`<li class="row"><span class=${`row-icon ${isOver ? 'bad' : ''}`}><${Icon} name="key-round" /></span>
    <div class="row-main"><p class="row-title"><span dir="auto">${name}</span> <span class="badge">${t(`people.role.${role}`)}</span></p>
      <p class="row-more muted"><span dir="auto">${user.name || user.login}</span><span>${used ? t('tokens.used', { when: formatWhen(used) }) : t('tokens.unused')}</span>
        ${until && html`<span class=${isOver ? 'bad-text' : ''}>${until}</span>`}</p></div>
    <button type="button" class=${`button small ${sure ? 'danger' : ''}`} aria-label=${`${t(sure ? 'tokens.end_now' : 'tokens.end')}: ${name}`} onClick=${sure ? onEnd : () => setSure(true)}>${t(sure ? 'tokens.end_now' : 'tokens.end')}</button></li>`;
}

/** @param {{onMade: (token: import('../../../core/types.js').MadeApiToken) => Promise<void>}} props */
function Add({ onMade }) {
  const [error, setError] = useState('');
  const add = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const days = Number(fields.get('days'));
    const expires = days === 0 ? {} : { expires_at: new Date(Date.now() + api.clock.aheadMs + days * 86_400_000).toISOString() };
    setError('');
    try {
      await onMade(await api.createToken({ name: String(fields.get('name')).trim(), role: fields.get('role'), ...expires }));
    } catch (refusal) {
      setError(explain(refusal));
    }
  };
  return html`<form class="form" onSubmit=${add}>
    <div class="field"><label for="token-name">${t('tokens.name')}</label>
      <input id="token-name" name="name" required maxlength="100" autocomplete="off" placeholder=${t('tokens.name_example')} /></div>
    <div class="field"><label for="token-role">${t('tokens.role')}</label>
      <select id="token-role" name="role">${ROLES.map((role) => html`<option key=${role} value=${role}>${t(`people.role.${role}`)}</option>`)}</select>
      <p class="hint">${t('tokens.role_more')}</p></div>
    <div class="field"><label for="token-days">${t('tokens.expires')}</label>
      <select id="token-days" name="days" defaultValue="90">${DAYS.map((days) => html`<option key=${days} value=${days} selected=${days === 90}>${days === 0 ? t('tokens.for_ever') : t('tokens.days', { n: days })}</option>`)}</select></div>
    <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
    <div class="buttons"><button class="button primary">${t('tokens.make')}</button></div></form>`;
}
