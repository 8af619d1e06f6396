// @ts-check
import { Preferences } from '../../../card/preferences.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { Health } from './health.js';
import { Integrations } from './integrations.js';

/** This browser for everybody; what is connected, and whether it works, for an admin. */
export function View() {
  const isAdmin = me.value?.role === 'admin';
  return html`<div class="view"><h1>${t('nav.settings')}</h1>
    ${isAdmin && html`<${Integrations} /><${Health} />`}
    <section class="panel settings-browser"><${Preferences} /></section></div>`;
}
