// @ts-check
import { html } from '../core/html.js';
import { chosenLanguage, t } from '../core/i18n.js';
import { deskPhone, language, notifications, shortcuts, sound, theme, watchAll } from '../core/prefs.js';
import { me } from '../core/session.js';
import { askForNotifications, notificationState } from '../live/notify.js';
import { blocked, test, unlock } from '../live/sound.js';
import { sheet } from '../ui/keys-sheet.js';
import { Switch } from '../ui/switch.js';

/** What this browser remembers: sound, notifications, language, theme. */
export function Preferences() {
  return html`<h2>${t('prefs.title')}</h2>
    <${Switch} id="pref-desk" label=${t('prefs.desk_phone')} more=${t('prefs.desk_phone_more')} on=${deskPhone.value} onChange=${(/** @type {boolean} */ on) => (deskPhone.value = on)} />
    <${SoundSwitch} />
    <${NotificationSwitch} />
    <${Switch} id="pref-keys" label=${t('prefs.shortcuts')} more=${t('prefs.shortcuts_more')} on=${shortcuts.value} onChange=${(/** @type {boolean} */ on) => (shortcuts.value = on)}>
      <button type="button" class="button small" onClick=${() => (sheet.value = true)}>${t('keys.show')}</button>
    <//>
    ${me.value?.role !== 'operator' && html`<${Switch} id="pref-all" label=${t('prefs.watch_all')} on=${watchAll.value} onChange=${(/** @type {boolean} */ on) => (watchAll.value = on)} />`}
    <div class="pair"><label for="pref-language">${t('prefs.language')}</label>
      <select id="pref-language" value=${chosenLanguage()} onChange=${(/** @type {any} */ event) => (language.value = event.currentTarget.value)}>
        <option value="ru" lang="ru">Русский</option><option value="en" lang="en">English</option>
      </select></div>
    <div class="pair"><label for="pref-theme">${t('prefs.theme')}</label>
      <select id="pref-theme" value=${theme.value} onChange=${(/** @type {any} */ event) => (theme.value = event.currentTarget.value)}>
        ${['auto', 'light', 'dark'].map((name) => html`<option key=${name} value=${name}>${t(`prefs.theme.${name}`)}</option>`)}
      </select></div>`;
}

function SoundSwitch() {
  const change = (/** @type {boolean} */ on) => {
    sound.value = on;
    if (on) unlock();
  };
  return html`<${Switch} id="pref-sound" label=${t('prefs.sound')} more=${sound.value && blocked.value ? t('prefs.sound_blocked') : ''} on=${sound.value && !deskPhone.value} disabled=${deskPhone.value} onChange=${change}>
    <button type="button" class="button small" onClick=${test}>${t('prefs.sound_test')}</button>
  <//>`;
}

function NotificationSwitch() {
  const state = notificationState();
  const more = state === 'insecure' ? 'prefs.notifications_https' : state === 'denied' ? 'prefs.notifications_denied' : 'prefs.notifications_more';
  const able = state !== 'insecure' && state !== 'denied';
  const change = async (/** @type {boolean} */ on) => {
    notifications.value = on;
    if (on) notifications.value = await askForNotifications();
  };
  return html`<${Switch} id="pref-notify" label=${t('prefs.notifications')} more=${t(more)}
    on=${notifications.value && able && !deskPhone.value} disabled=${!able || deskPhone.value} onChange=${change} />`;
}
