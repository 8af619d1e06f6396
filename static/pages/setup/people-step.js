// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import * as api from '../../core/api.js';
import { explain, sayWhy } from '../../core/errors.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Icon } from '../../ui/icon.js';
import { People } from './people.js';
import { ValueToCopy } from '../../ui/value.js';

/** @typedef {import('../../core/types.js').Integration} Integration */
/** @typedef {{ok: boolean, text: string}} Check */

/**
 * Our key for the PBX's cabinet, then a check, then who is who.
 * @param {{integration: Integration, onBack: () => void, onDone: () => void}} props
 */
export function PeopleStep({ integration, onBack, onDone }) {
  const [busy, setBusy] = useState(false);
  const [check, setCheck] = useState(/** @type {Check|null} */ (null));
  const run = async () => {
    setBusy(true);
    setCheck(null);
    try {
      const { ok, why } = await api.checkIntegration(integration.id);
      setCheck({ ok, text: sayWhy(why) });
    } catch (refusal) {
      setCheck({ ok: false, text: explain(refusal) });
    }
    setBusy(false);
  };
  return html`<h1>${integration.name}</h1>
    ${integration.crm_token && html`<${ValueToCopy} id="crm-token" label=${t('setup.token.title')} value=${integration.crm_token} more=${t('setup.token.more')} />`}
    <div class="buttons">
      <button type="button" class=${`button ${check?.ok ? '' : 'primary'}`} disabled=${busy} onClick=${run}><${Icon} name="plug" />${busy ? t('setup.checking') : t('setup.check')}</button>
      <button type="button" class="button" onClick=${onBack}>${t('setup.change')}</button>
    </div>
    <div role="status">
      ${check && html`<p class=${check.ok ? 'done' : 'alert'}>${check.text}</p>`}
    </div>
    ${check?.ok && html`<${People} integration=${integration} />`}
    <div class="buttons"><button type="button" class=${`button ${check?.ok ? 'primary' : ''}`} onClick=${onDone}>${t('setup.next')}</button></div>`;
}
