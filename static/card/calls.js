// @ts-check
import { CallButton } from './call-button.js';
import { openAgain } from './cards.js';
import * as places from './places.js';
import { isNamed, isNumber, number, who } from './who.js';
import { formatExact, formatLength, formatWhen } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { now } from '../core/ticks.js';
import { Icon } from '../ui/icon.js';
import { More } from '../ui/more.js';
import { Skeleton } from '../ui/skeleton.js';
import { attempt } from '../ui/toast.js';
import { calls } from './lists.js';
import { look } from './look.js';

/** @typedef {import('../core/types.js').Call} Call */

/** The last calls, whoever had them. */
export function Calls() {
  return html`<section class="panel" aria-labelledby="calls-title">
    <h2 id="calls-title">${t('calls.title')}</h2>
    <${CallList} list=${calls} />
  </section>`;
}

/** The rows of any list of calls. @param {{list: typeof calls}} props */
export function CallList({ list }) {
  const rows = list.items.value;
  if (rows === null) return html`<${Skeleton} rows=${4} />`;
  if (rows.length === 0) return html`<p class="empty"><strong>${t('calls.none')}.</strong> ${t('calls.none_more')}</p>`;
  return html`<ul class="rows">${rows.map((call) => html`<${Row} key=${call.id} call=${call} />`)}</ul><${More} list=${list} />`;
}

/** @param {{call: Call}} props */
function Row({ call }) {
  void now.value;
  const { icon, tone, word } = look(call);
  const talked = call.state === 'answered' && call.duration_s !== null ? `, ${formatLength(call.duration_s)}` : '';
  const open = () => attempt(async () => {
    await openAgain(call.id);
    places.open(call.id);
  });
  return html`<li class="row call-row">
    <span class=${`row-icon ${tone}`}><${Icon} name=${icon} /></span>
    <div class="row-main">
      <p class="row-title"><button type="button" class=${`row-open ${isNamed(call.contact) ? '' : 'figures'}`} title=${t('calls.open')} onClick=${open} dir="auto">${who(call)}</button></p>
      <p class="row-more muted"><span class=${`${tone}-text`}>${word + talked}</span>
        ${isNamed(call.contact) && html`<span class="figures">${number(call.phone, call.phone_formatted)}</span>`}
        ${call.line?.label && html`<span dir="auto">${call.line.label}</span>`}
        ${call.user && html`<span dir="auto">${call.user.name}</span>`}
        ${call.note && html`<span class="row-note" dir="auto">${call.note}</span>`}</p>
    </div>
    <time class="row-time figures" datetime=${call.started_at} title=${formatExact(call.started_at)}>${formatWhen(call.started_at)}</time>
    ${isNumber(call.phone) && html`<div class="row-actions"><${CallButton} phone=${call.phone} label=${t('dial.call')} small /></div>`}
  </li>`;
}
