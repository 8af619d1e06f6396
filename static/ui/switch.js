// @ts-check
import { html } from '../core/html.js';

/**
 * A labelled switch with a line of explanation.
 * @param {{id: string, label: string, more?: string, on: boolean, disabled?: boolean, onChange: (on: boolean) => void, children?: any}} props
 */
export function Switch({ id, label, more, on, disabled = false, onChange, children }) {
  return html`<div class="switch-row">
    <div class="switch-text">
      <label for=${id}>${label}</label>
      ${more && html`<p class="hint" id=${`${id}-more`}>${more}</p>`}
    </div>
    ${children}
    <input
      type="checkbox" role="switch" class="switch" id=${id} checked=${on} disabled=${disabled}
      aria-describedby=${more ? `${id}-more` : undefined}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)}
    />
  </div>`;
}
