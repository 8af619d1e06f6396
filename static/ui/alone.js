// @ts-check
import { html } from '../core/html.js';
import { MARK } from './icon.js';
import { chosenLanguage, t } from '../core/i18n.js';
import { language } from '../core/prefs.js';

/** A page of its own: brand, language, one panel. @param {{wide?: boolean, children: any}} props */
export function Alone({ wide = false, children }) {
  return html`<main class="alone"><div class=${`alone-box ${wide ? 'wide' : ''}`}>
    <div class="alone-brand"><img src=${MARK} alt="" width="32" height="32" /><span>ringcard</span>
      <select aria-label=${t('prefs.language')} value=${chosenLanguage()} onChange=${(/** @type {any} */ event) => (language.value = event.currentTarget.value)}>
        <option value="ru" lang="ru">Русский</option><option value="en" lang="en">English</option>
      </select></div>
    ${children}
  </div></main>`;
}
