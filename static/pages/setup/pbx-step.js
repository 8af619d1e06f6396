// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { ValueToCopy } from '../../ui/value.js';

/** @typedef {import('../../core/types.js').Integration} Integration */

const LOOPBACK = /^(localhost|127\.|\[::1\])/;

/**
 * The PBX's address and key; `integration` when they are to be corrected.
 * @param {{integration: Integration|null, onDone: (made: Integration) => void, onSkip: () => void}} props
 */
export function PbxStep({ integration, onDone, onSkip }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (/** @type {string} */ name) => String(fields.get(name)).trim();
    const settings = { url: text('url'), token: text('token') };
    setBusy(true);
    setError('');
    try {
      onDone(integration
        ? { ...integration, ...(await api.changeIntegration(integration.id, { name: text('name'), settings })), crm_token: integration.crm_token }
        : await api.createIntegration({ name: text('name'), kind: 'cloud-pbx', settings }));
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  return html`<div><h1>${t('setup.pbx.title')}</h1><p class="hint">${t('setup.pbx.more')}</p></div>
    <${ValueToCopy} id="webhook" label=${t('setup.pbx.webhook')} value=${`${location.origin}/pbx`} />
    ${LOOPBACK.test(location.hostname) && html`<p class="caution">${t('setup.pbx.loopback')}</p>`}
    <form class="form" onSubmit=${submit}>
      <div class="field"><label for="pbx-name">${t('setup.pbx.name')}</label>
        <input id="pbx-name" name="name" required maxlength="100" defaultValue=${integration?.name ?? t('setup.pbx.name_default')} autocomplete="off" /></div>
      <div class="field"><label for="pbx-url">${t('setup.pbx.url')}</label>
        <input id="pbx-url" name="url" type="url" required maxlength="500" autocomplete="off" aria-describedby="pbx-url-more" />
        <p class="hint" id="pbx-url-more">${t('setup.pbx.url.more')}</p></div>
      <div class="field"><label for="pbx-token">${t('setup.pbx.token')}</label>
        <input id="pbx-token" name="token" required maxlength="500" autocomplete="off" autocapitalize="none" spellcheck=${false} /></div>
      <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
      <div class="buttons"><button class="button primary" disabled=${busy}>${t('setup.pbx.connect')}</button>
        <button type="button" class="button" onClick=${onSkip}>${t('setup.pbx.later')}</button></div>
    </form>`;
}
