// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Switch } from '../../../ui/switch.js';

/** @typedef {{settings: import('../../../core/types.js').SettingsAnswer, change: import('./rules.js').Change}} Props */

/** What may stand in braces, as an example has it. */
const PARTS = /** @type {const} */ (['vip', 'name', 'company', 'missed']);

/** What the PBX is told while the phone rings: to whom the call goes, and what the desk phone shows. @param {Props} props */
export function DeskName({ settings, change }) {
  const [text, setText] = useState(settings.display_name);
  const alphabet = settings.transliterate ? 'latin' : 'own';
  const shown = PARTS.reduce((whole, part) => whole.replaceAll(`{${part}}`, t(`display.${alphabet}.${part}`)), text).trim();
  const insert = (/** @type {string} */ part) => {
    setText(`${text}{${part}}`);
    change({ display_name: `${text}{${part}}` });
  };
  return html`<div class="settings-rows">
    <${Switch} id="rule-return_to" label=${t('rules.return_to')} more=${t('rules.return_to_more')} on=${settings.return_to === 'caller'}
      onChange=${(/** @type {boolean} */ on) => change({ return_to: on ? 'caller' : 'off' })} />
    ${settings.return_to === 'caller' && html`<div class="pair"><label for="rule-return_h">${t('rules.return_h')}</label>
      <span class="pair-value"><input id="rule-return_h" class="days" type="number" min="1" max="720" inputmode="numeric" value=${settings.return_h}
        onChange=${(/** @type {any} */ event) => change({ return_h: Number(event.currentTarget.value) })} /> ${t('rules.hours')}</span></div>`}
    <div class="pair"><label for="rule-display_name">${t('rules.display_name')}</label>
      <input id="rule-display_name" maxlength="100" autocomplete="off" spellcheck=${false} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
        onChange=${(/** @type {any} */ event) => change({ display_name: event.currentTarget.value })} aria-describedby="desk-name-shown" /></div>
    <div class="chips desk-name-parts" role="group" aria-label=${t('rules.display_name_parts')}>${PARTS.map((part) => html`<button key=${part} type="button" class="chip" disabled=${text.includes(`{${part}}`)}
      onClick=${() => insert(part)}>+ ${t(`display.part.${part}`)}</button>`)}</div>
    <p id="desk-name-shown" class="desk-name-shown"><span class="hint">${t('rules.display_name_shown')}</span> <output>${[...shown].slice(0, 40).join('')}</output></p>
    <${Switch} id="rule-transliterate" label=${t('rules.transliterate')} more=${t('rules.transliterate_more')} on=${settings.transliterate}
      onChange=${(/** @type {boolean} */ on) => change({ transliterate: on })} /></div>`;
}
