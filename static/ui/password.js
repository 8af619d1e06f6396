// @ts-check
import { useState } from '../vendor/hooks.mjs';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from './icon.js';

/** A password field that can be looked at. @param {{id: string, name: string, label: string, more?: string, autocomplete: string, minlength?: number}} props */
export function Password({ id, name, label, more, autocomplete, minlength }) {
  const [open, setOpen] = useState(false);
  const what = t(open ? 'login.hide' : 'login.show');
  return html`<div class="field"><label for=${id}>${label}</label>
    <div class="with-button">
      <input id=${id} name=${name} type=${open ? 'text' : 'password'} autocomplete=${autocomplete} minlength=${minlength} required maxlength="1024"
        autocapitalize="none" spellcheck=${false} aria-describedby=${more ? `${id}-more` : undefined} />
      <button type="button" class="icon-button" aria-pressed=${open} aria-label=${what} title=${what} onClick=${() => setOpen(!open)}><${Icon} name=${open ? 'eye-off' : 'eye'} /></button>
    </div>
    ${more && html`<p class="hint" id=${`${id}-more`}>${more}</p>`}
  </div>`;
}
