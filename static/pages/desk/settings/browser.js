// @ts-check
import { Preferences } from '../../../card/preferences.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { offlinePage } from '../../../core/prefs.js';
import { canKeep } from '../../../live/shell.js';
import { Switch } from '../../../ui/switch.js';

/** What this browser remembers, and what it keeps of the program. */
export const Browser = () => html`<section class="panel settings-browser"><${Preferences} />
  <${Switch} id="pref-offline" label=${t('settings.offline')} more=${t(canKeep() ? 'settings.offline_more' : 'settings.offline_https')}
    on=${offlinePage.value && canKeep()} disabled=${!canKeep()} onChange=${(/** @type {boolean} */ on) => (offlinePage.value = on)} /></section>`;
