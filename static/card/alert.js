// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';

/** The longest that the server keeps. */
const CHARS = 140;

/** What to know before one answers. @param {{text: string}} props */
export function Alert({ text }) {
  return text ? html`<p class="client-alert"><${Icon} name="triangle-alert" /><span dir="auto">${text}</span></p>` : null;
}

/** A client who comes first: a star and the word. */
export const Vip = () => html`<span class="badge vip"><${Icon} name="star" />${t('client.vip')}</span>`;

/**
 * The two fields of a contact's form.
 * @param {{id: string, alert: string, vip: boolean, onChange: (change: {alert?: string, vip?: boolean}) => void}} props id: of the form
 */
export function AlertFields({ id, alert, vip, onChange }) {
  return html`<div class="field"><label for=${`alert-${id}`}>${t('contact.alert')}</label>
      <input id=${`alert-${id}`} maxlength=${CHARS} autocomplete="off" placeholder=${t('contact.alert.example')} value=${alert}
        onInput=${(/** @type {any} */ event) => onChange({ alert: event.currentTarget.value })} /></div>
    <label class="check"><input type="checkbox" checked=${vip}
      onChange=${(/** @type {any} */ event) => onChange({ vip: event.currentTarget.checked })} />${t('contact.vip')}</label>`;
}
