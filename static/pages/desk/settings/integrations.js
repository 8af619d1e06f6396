// @ts-check
import * as api from '../../../core/api.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend, route } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Asked, useAsked } from './asked.js';
import { IntegrationForm } from './integration-form.js';
import { KINDS } from './kinds.js';

/** @typedef {import('../../../core/types.js').Integration} Integration */

/** What is connected, and when each was last heard of; one of them, or a new one, opened. */
export function Integrations() {
  const [answer, again] = useAsked(api.integrations);
  const wanted = KINDS.find((kind) => kind === route.value.query.get('new'));
  const id = route.value.query.get('id');
  const opened = typeof answer === 'object' ? answer.items.find((one) => one.id === id) : undefined;
  const close = async () => {
    await again();
    amend({ new: null, id: null });
  };
  if (wanted || opened) return html`<${IntegrationForm} key=${id ?? wanted} kind=${wanted ?? opened?.kind} integration=${opened ?? null} onChanged=${again} onClose=${close} />`;
  const foot = html`<div class="panel-foot buttons"><span class="muted">${t('integrations.add')}</span>${KINDS.map((kind) => html`<a key=${kind} class="button"
    href=${`/settings/integrations?new=${kind}`}><${Icon} name="plug" />${t(`peer.${kind}`)}</a>`)}</div>`;
  return html`<${Asked} title=${t('settings.integrations')} more=${t('integrations.more')} answer=${answer} foot=${foot} show=${show} />`;
}

/** @param {{items: Integration[]}} answer */
function show({ items }) {
  if (items.length === 0) return html`<p class="empty"><strong>${t('integrations.none')}</strong> ${t('integrations.none_more')}</p>`;
  return html`<ul class="rows">${items.map((one) => html`<${Row} key=${one.id} integration=${one} />`)}</ul>`;
}

/** @param {{integration: Integration}} props */
function Row({ integration }) {
  const used = integration.crm_tokens.map(({ last_used_at: at }) => at ?? '').sort().at(-1);
  const takesPushes = integration.crm_tokens.length > 0;
  return html`<li class="row"><span class="row-icon"><${Icon} name="plug" /></span>
    <div class="row-main"><p class="row-title"><a class="row-open" dir="auto" href=${`/settings/integrations?id=${encodeURIComponent(integration.id)}`}>${integration.name}</a></p>
      <p class="row-more muted"><span>${t(`peer.${integration.kind}`)}</span>
        ${takesPushes && html`<span class=${used ? 'good-text' : 'warn-text'}>${used ? t('integrations.heard', { when: formatWhen(used) }) : t('integrations.unheard')}</span>`}
        ${integration.warning && html`<span class="warn-text">${t(`why.${integration.warning.why.code}`)}</span>`}</p></div></li>`;
}
