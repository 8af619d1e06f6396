// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Menu } from '../../../ui/menu.js';
import { Clear } from './clear.js';
import { choices, wordOf, wordsOf } from './names.js';

/** One filter: its values to tick, any of which will do. @param {{name: string, filter: URLSearchParams}} props */
export function Facet({ name, filter }) {
  const chosen = filter.getAll(name);
  const label = t(`calls.filter.${name}`);
  const all = [...new Set([...choices(name), ...chosen])];
  const tick = (/** @type {string} */ value) => amend({ [name]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] });
  const face = html`<span class="facet-words">${label}${chosen.length > 0 && html`: <span dir="auto">${wordsOf(filter, name)}</span>`}</span><${Icon} name="chevron-down" />`;
  return html`<span class=${`facet ${chosen.length > 0 ? 'used' : ''}`}>
    <${Menu} label=${label} name="" look="facet-open" face=${face}>
      <div class="facet-values">${all.map((value) => html`<label key=${value} class="facet-value">
        <input type="checkbox" checked=${chosen.includes(value)} onChange=${() => tick(value)} /><span dir="auto">${wordOf(name, value)}</span></label>`)}</div>
    <//>
    ${chosen.length > 0 && html`<${Clear} name=${name} />`}
  </span>`;
}
