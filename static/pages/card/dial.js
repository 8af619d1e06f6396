// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import { hasLine, linesToChoose, useDial } from '../../card/call-button.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Icon } from '../../ui/icon.js';

/** A dial box for any number. */
export function Dial() {
  const [phone, setPhone] = useState('');
  const [integration, setIntegration] = useState('');
  const { answer, busy, dial } = useDial();
  const able = hasLine();
  const lines = linesToChoose();
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (phone.trim()) dial(phone.trim(), integration || undefined);
  };
  return html`<section class="panel dial" aria-labelledby="dial-title">
    <h2 id="dial-title">${t('dial.title')}</h2>
    <form class="dial-form" onSubmit=${submit}>
      <input id="dial-phone" class="figures" type="tel" inputmode="tel" autocomplete="off" aria-label=${t('dial.label')} placeholder=${t('dial.placeholder')}
        value=${phone} onInput=${(/** @type {any} */ event) => setPhone(event.currentTarget.value)} aria-describedby="dial-answer" maxlength="64" />
      <button class="button primary" disabled=${busy || !able || !phone.trim()}><${Icon} name="phone" />${busy ? t('dial.calling') : t('dial.call')}</button>
    </form>
    ${lines.length > 1 && html`<label class="dial-line hint">${t('dial.line')}
      <select value=${integration} onChange=${(/** @type {any} */ event) => setIntegration(event.currentTarget.value)}>
        ${lines.map((line, index) => html`<option key=${line.integration} value=${index ? line.integration : ''}>${line.account}</option>`)}
      </select></label>`}
    <div id="dial-answer" role="status">
      ${!able && html`<p class="hint warn-text">${t('dial.no_line')}</p>`}
      ${answer && html`<p class=${answer.bad ? 'error' : 'hint good-text'}>${answer.text}</p>`}
    </div>
  </section>`;
}
