// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain, sayWhy } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { go } from '../../../core/router.js';
import { attempt } from '../../../ui/toast.js';
import { ValueToCopy } from '../../../ui/value.js';
import { MEMBERS } from './kinds.js';
import { MemberField } from './member-field.js';

/** @typedef {import('../../../core/types.js').Integration} Integration */

await loadPart('setup');

/**
 * One outside system: its settings, whether they work, its key.
 * @param {{kind: Integration['kind'], integration: Integration|null, onChanged: () => void, onClose: () => void}} props
 */
export function IntegrationForm({ kind, integration, onChanged, onClose }) {
  const [error, setError] = useState('');
  const [crmToken, setCrmToken] = useState('');
  const [checked, setChecked] = useState(/** @type {{ok: boolean, text: string}|null} */ (null));
  const [leaving, setLeaving] = useState(false);
  const known = /** @type {Record<string, any>} */ (integration?.settings ?? {});
  const save = async (/** @type {any} */ event) => {
    event.preventDefault();
    setError('');
    const fields = new FormData(event.currentTarget);
    const change = { name: String(fields.get('name')).trim(), settings: read(kind, fields, integration !== null) };
    try {
      if (integration) await api.changeIntegration(integration.id, change);
      else {
        const made = await api.createIntegration({ ...change, kind });
        if (made.crm_token) setCrmToken(made.crm_token);
        go(`/settings/integrations?id=${encodeURIComponent(made.id)}`);
      }
      setChecked({ ok: true, text: t('integrations.saved') });
      onChanged();
    } catch (refusal) {
      setError(explain(refusal));
    }
  };
  const check = async () => {
    setChecked({ ok: true, text: t('setup.checking') });
    try {
      const { ok, why } = await api.checkIntegration(integration?.id ?? '');
      setChecked({ ok, text: sayWhy(why) });
    } catch (refusal) {
      setChecked({ ok: false, text: explain(refusal) });
    }
  };
  const rotate = () => attempt(async () => setCrmToken((await api.rotateToken(integration?.id ?? '')).crm_token));
  const remove = () => attempt(async () => {
    await api.removeIntegration(integration?.id ?? '');
    onClose();
  });
  const hearsPushes = kind === 'cloud-pbx';
  return html`<section class="panel settings-form"><h2>${integration?.name ?? t('integrations.new', { kind: t(`peer.${kind}`) })}</h2>
    ${hearsPushes && html`<${ValueToCopy} id="webhook" label=${t('setup.pbx.webhook')} value=${`${location.origin}/pbx`} />`}
    ${crmToken && html`<${ValueToCopy} id="crm-token" label=${t('setup.token.title')} value=${crmToken} more=${t('setup.token.more')} />`}
    <form class="form" onSubmit=${save}>
      <div class="field"><label for="integration-name">${t('setup.pbx.name')}</label>
        <input id="integration-name" name="name" required maxlength="50" autocomplete="off" defaultValue=${integration?.name ?? t(`peer.${kind}`)} /></div>
      ${MEMBERS[kind].map((member) => html`<${MemberField} key=${member.name} member=${member} kind=${kind} value=${known[member.name]} />`)}
      ${kind === 'uis' && Array.isArray(known.groups) && known.groups.length > 0 && html`<p class="hint">${t('integrations.groups', { n: known.groups.length })}</p>`}
      <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
      <div class="buttons"><button class="button primary">${t(integration ? 'settings.save' : 'setup.pbx.connect')}</button>
        ${integration && html`<button type="button" class="button" onClick=${check}>${t('setup.check')}</button>`}
        <button type="button" class="button" onClick=${onClose}>${t('settings.back')}</button></div>
      <div role="status">${checked && html`<p class=${checked.ok ? 'done' : 'alert'}>${checked.text}</p>`}</div>
    </form>
    ${integration && html`<div class="panel-foot buttons">
      ${hearsPushes && html`<button type="button" class="button" onClick=${rotate} title=${t('integrations.rotate_more')}>${t('integrations.rotate')}</button>`}
      ${leaving ? html`<span>${t('integrations.remove_more')}</span><button type="button" class="button danger" onClick=${remove}>${t('integrations.remove_now')}</button>
          <button type="button" class="button" onClick=${() => setLeaving(false)}>${t('missed.cancel')}</button>`
        : html`<button type="button" class="button" onClick=${() => setLeaving(true)}>${t('integrations.remove')}</button>`}</div>`}</section>`;
}

/**
 * What was typed; an empty secret leaves the one that is kept, any other empty member goes.
 * @param {Integration['kind']} kind @param {FormData} fields @param {boolean} isKnown
 */
function read(kind, fields, isKnown) {
  /** @type {Record<string, any>} */
  const settings = {};
  for (const { name, form } of MEMBERS[kind]) {
    const text = String(fields.get(name) ?? '').trim();
    if (form === 'switch') settings[name] = fields.get(name) !== null;
    else if (text) settings[name] = form === 'hosts' ? text.split(/[\s,;]+/).filter(Boolean) : text;
    else if (isKnown && form !== 'secret') settings[name] = null;
  }
  return settings;
}
