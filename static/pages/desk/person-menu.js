// @ts-check
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { leave, me } from '../../core/session.js';
import { end } from '../../live/live.js';
import { Icon } from '../../ui/icon.js';
import { Menu } from '../../ui/menu.js';
import { attempt } from '../../ui/toast.js';
import { Loaded } from './loaded.js';

const loadPreferences = async () => (await import('../../card/preferences.js')).Preferences;

/** Who I am, what this browser does, and the way out. */
export function PersonMenu() {
  const user = me.value;
  if (!user) return null;
  const name = user.name || user.login;
  const line = user.lines[0]?.account;
  const face = html`<span class="person-mark" aria-hidden="true">${name.slice(0, 1).toUpperCase()}</span>
    <span class="person"><strong dir="auto">${name}</strong><span class=${line ? 'muted' : 'warn-text'}>${line ? t('me.line', { line }) : t('me.no_line')}</span></span>
    <${Icon} name="chevron-down" />`;
  return html`<${Menu} look="person-button" name="" label=${t('me.menu')} face=${face}>
    <${Loaded} name="preferences" load=${loadPreferences} around=${(/** @type {any} */ waiting) => waiting} />
    <button type="button" class="button" onClick=${() => attempt(() => leave(end))}><${Icon} name="log-out" />${t('me.sign_out')}</button>
  <//>`;
}
