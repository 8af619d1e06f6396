// @ts-check
import { formatExact, formatLength, formatPhone, formatWhen } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { Icon } from '../ui/icon.js';
import { outcomeName } from './settings.js';

/** @typedef {import('../core/types.js').Card} Card */

/** The line, the group, who is responsible, what was before. @param {{card: Card}} props */
export function Facts({ card }) {
  return html`<dl class="facts">
    <${LineFact} card=${card} />
    ${card.group && html`<div class="fact"><dt>${t('card.group')}</dt><dd dir="auto">${card.group}</dd></div>`}
    ${card.returns_to && html`<div class="fact" data-returns><dt>${t('card.returns')}</dt><dd dir="auto">${card.returns_to.id === me.value?.id ? t('card.returns_me') : t('card.returns_other', { who: card.returns_to.name })}</dd></div>`}
    ${card.responsible && html`<${Responsible} user=${card.responsible} />`}
    ${card.calls_count > 0 && html`<${Last} card=${card} />`}
  </dl>`;
}

/** The dialled number and its label. @param {{card: Card}} props */
function LineFact({ card }) {
  const number = card.line?.number || card.diversion;
  if (!number) return null;
  const label = card.line?.label;
  return html`<div class="fact"><dt>${t(card.direction === 'in' ? 'card.line' : 'card.line_out')}</dt>
    <dd>${label && html`<span class="line-label" dir="auto">${label}</span>`}<span class="figures ${label ? 'muted' : ''}">${formatPhone(number)}</span></dd>
  </div>`;
}

/** @param {{user: import('../core/types.js').UserRef}} props */
function Responsible({ user }) {
  const isMe = user.id === me.value?.id;
  return html`<div class="fact"><dt>${t('card.responsible')}</dt>
    <dd>${isMe ? t('card.responsible_me') : html`<span dir="auto">${user.name}</span><span class="badge warn">${t('card.not_you')}</span>`}</dd>
  </div>`;
}

/** @param {{card: Card}} props */
function Last({ card }) {
  const { last } = card;
  // A miss does not count itself.
  const others = card.missed_open - (card.state === 'missed' ? 1 : 0);
  const counters = html`<span class="counters">
    ${card.calls_count > 1 && html`<span class="counter"><${Icon} name="history" />${t('card.calls', { n: card.calls_count })}</span>`}
    ${others > 0 && html`<span class="counter bad"><${Icon} name="phone-missed" />${t('card.missed', { n: others })}</span>`}
  </span>`;
  if (!last) {
    return html`<div class="fact"><dt>${t('card.last')}</dt><dd><span class="muted">${t('card.first_time')}</span>${counters}</dd></div>`;
  }
  const parts = [formatWhen(last.at), last.duration_s === null ? '' : formatLength(last.duration_s), last.user?.name ?? '', outcomeName(last.outcome)];
  return html`<div class="fact"><dt>${t('card.last')}</dt>
    <dd><span title=${formatExact(last.at)} dir="auto">${parts.filter(Boolean).join(', ')}</span>
    ${last.note && html`<p class="last-note" dir="auto">${last.note}</p>`}${counters}</dd>
  </div>`;
}
