// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { CopyButton } from './copy.js';

/** A value to copy elsewhere. @param {{id: string, label: string, value: string, more?: string}} props */
export function ValueToCopy({ id, label, value, more }) {
  return html`<div class="field"><label for=${id}>${label}</label>
    <div class="value-line">
      <input id=${id} readonly value=${value} onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} aria-describedby=${more ? `${id}-more` : undefined} />
      <${CopyButton} text=${value} label=${t('copy.do')} wide />
    </div>
    ${more && html`<p class="hint" id=${`${id}-more`}>${more}</p>`}
  </div>`;
}
