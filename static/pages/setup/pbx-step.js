// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain, sayWhy } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { loadPart, t } from '../../core/i18n.js';
import { Icon } from '../../ui/icon.js';
import { keep, kept, ourKey } from './kept.js';
import { ValueToCopy } from '../../ui/value.js';

await loadPart('refusals');

/** @typedef {import('../../core/types.js').Integration} Integration */

const LOOPBACK = /^(localhost|127\.|\[::1\])/;

/**
 * Both halves of the connection on one screen: what the PBX's cabinet is to be told, and what it tells. It is tried at
 * once; what does not answer is corrected here.
 * @param {{integration: Integration|null, onMade: (made: Integration) => void, onDone: () => void, onSkip: () => void}} props
 */
export function PbxStep({ integration, onMade, onDone, onSkip }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(() => (integration ? kept('key') : ourKey()));
  const attempt = async (/** @type {() => Promise<void>} */ work) => {
    setBusy(true);
    setError('');
    try {
      await work();
    } catch (refusal) {
      setError(explain(refusal));
    }
    setBusy(false);
  };
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (/** @type {string} */ name) => String(fields.get(name)).trim();
    attempt(async () => {
      const named = { name: text('name'), settings: { url: text('url'), ...(text('token') ? { token: text('token') } : {}) } };
      const saved = await save(integration, named, key);
      onMade(saved);
      const { ok, why } = await api.checkIntegration(saved.id);
      if (ok) onDone();
      else setError(sayWhy(why));
    });
  };
  const renew = () => attempt(async () => {
    if (!integration) return;
    const { crm_token } = await api.rotateToken(integration.id);
    keep('key', crm_token);
    setKey(crm_token);
  });
  const { url = '' } = /** @type {{url?: string}} */ (integration?.settings ?? {});
  return html`<div><h1>${t('setup.pbx.title')}</h1><p class="hint">${t('setup.pbx.more')}</p></div>
    <section class="form" aria-labelledby="for-pbx">
      <h2 id="for-pbx">${t('setup.pbx.there')}</h2>
      <${ValueToCopy} id="webhook" label=${t('setup.pbx.our_address')} value=${`${location.origin}/pbx`} />
      ${LOOPBACK.test(location.hostname) && html`<p class="caution">${t('setup.pbx.loopback')}</p>`}
      ${key
        ? html`<${ValueToCopy} id="crm-token" label=${t('setup.pbx.our_key')} value=${key} more=${t('setup.pbx.our_key.more')} />`
        : html`<div class="field"><span class="label">${t('setup.pbx.our_key')}</span>
            <p class="hint">${t('setup.token.hidden')}</p>
            <div class="buttons"><button type="button" class="button" disabled=${busy} onClick=${renew}>${t('setup.token.renew')}</button></div></div>`}
    </section>
    <form class="form" onSubmit=${submit} aria-labelledby="from-pbx">
      <h2 id="from-pbx">${t('setup.pbx.here')}</h2>
      <div class="field"><label for="pbx-url">${t('setup.pbx.url')}</label>
        <input id="pbx-url" name="url" type="url" required maxlength="500" autocomplete="off" defaultValue=${url} aria-describedby="pbx-url-more" />
        <p class="hint" id="pbx-url-more">${t('setup.pbx.url.more')}</p></div>
      <div class="field"><label for="pbx-token">${t('setup.pbx.token')}</label>
        <input id="pbx-token" name="token" required=${!integration} maxlength="500" autocomplete="off" autocapitalize="none" spellcheck=${false} placeholder=${integration ? t('setup.pbx.token.kept') : ''} /></div>
      <div class="field"><label for="pbx-name">${t('setup.pbx.name')}</label>
        <input id="pbx-name" name="name" required maxlength="100" defaultValue=${integration?.name ?? t('setup.pbx.name_default')} autocomplete="off" /></div>
      <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
      <div class="buttons"><button class="button primary" disabled=${busy}><${Icon} name="plug" />${busy ? t('setup.checking') : t('setup.pbx.connect')}</button>
        <button type="button" class="button" onClick=${onSkip}>${t('setup.pbx.later')}</button></div>
    </form>`;
}

/**
 * The one PBX of the set-up: made, or changed, also when the answer that it was made got lost.
 * @param {Integration|null} known @param {{name: string, settings: Record<string, string>}} named @param {string} key
 * @returns {Promise<Integration>}
 */
async function save(known, named, key) {
  const there = known ?? (await api.integrations()).items.find(({ kind }) => kind === 'cloud-pbx');
  if (there) return api.changeIntegration(there.id, named);
  return api.createIntegration({ ...named, kind: 'cloud-pbx', settings: { ...named.settings, crm_token: key } });
}
