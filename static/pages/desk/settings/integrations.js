// @ts-check
import * as api from '../../../core/api.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { Asked } from './asked.js';

/** @typedef {import('../../../core/types.js').Integration} Integration */

/** What is connected, and when each was last heard of. */
export function Integrations() {
  return html`<${Asked} title=${t('integrations.title')} ask=${api.integrations} show=${show} />`;
}

/** @param {Integration[]} items */
function show(items) {
  const connect = html`<div class="panel-foot"><a class=${`button ${items.length ? '' : 'primary'}`} href="/setup"><${Icon} name="plug" />${t('integrations.connect')}</a></div>`;
  if (items.length === 0) return html`<p class="empty"><strong>${t('integrations.none')}</strong> ${t('integrations.none_more')}</p>${connect}`;
  return html`<ul class="rows">${items.map((one) => html`<${Row} key=${one.id} integration=${one} />`)}</ul>${connect}`;
}

/** @param {{integration: Integration}} props */
function Row({ integration }) {
  const used = integration.crm_tokens.map(({ last_used_at: at }) => at ?? '').sort().at(-1);
  const takesPushes = integration.crm_tokens.length > 0;
  return html`<li class="row"><span class="row-icon"><${Icon} name="plug" /></span>
    <div class="row-main"><p class="row-title"><span dir="auto">${integration.name}</span></p>
      <p class="row-more muted"><span>${t(`peer.${integration.kind}`)}</span>
        ${takesPushes && html`<span class=${used ? 'good-text' : 'warn-text'}>${used ? t('integrations.heard', { when: formatWhen(used) }) : t('integrations.unheard')}</span>`}
        ${integration.warning && html`<span class="warn-text">${t(`why.${integration.warning.why.code}`)}</span>`}</p></div></li>`;
}
