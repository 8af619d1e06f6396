// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';

/** @typedef {import('../../../core/types.js').Outcome} Outcome */

const CALLS = /** @type {const} */ (['in', 'out', 'missed']);
const ASKS = ['none', 'promise', 'note'];

/**
 * One outcome: its name, of which calls it may be said, and what the card asks for then.
 * @param {{outcome: Outcome, fault: string, isFirst: boolean, isLast: boolean, onChange: (news: Partial<Outcome>) => void, onMove: (by: number) => void}} props
 */
export function OutcomeRow({ outcome: { id, name, applies, asks }, fault, isFirst, isLast, onChange, onMove }) {
  const toggle = (/** @type {typeof CALLS[number]} */ call) => onChange({ applies: CALLS.filter((one) => applies.includes(one) !== (one === call)) });
  const arrow = (/** @type {string} */ icon, /** @type {string} */ words, /** @type {number} */ by, /** @type {boolean} */ isOff) => html`<button type="button" class="icon-button" disabled=${isOff}
    aria-label=${t(words, { name })} title=${t(words, { name })} onClick=${() => onMove(by)}><${Icon} name=${icon} /></button>`;
  return html`<li class="row outcome-row"><div class="row-main">
    <div class="name-row">
      <input aria-label=${t('outcomes.name_of', { name })} required maxlength="50" autocomplete="off" value=${name} aria-invalid=${Boolean(fault)} aria-describedby=${fault ? `outcome-${id}-fault` : undefined}
        onChange=${(/** @type {any} */ event) => onChange({ name: event.currentTarget.value })} />
      <span class="row-acts">${arrow('chevron-up', 'outcomes.up', -1, isFirst)}${arrow('chevron-down', 'outcomes.down', 1, isLast)}
        <button type="button" class="icon-button" aria-label=${t('outcomes.archive', { name })} title=${t('outcomes.archive', { name })} onClick=${() => onChange({ is_archived: true })}><${Icon} name="x" /></button></span>
      ${fault && html`<p class="bad-text" role="alert" id=${`outcome-${id}-fault`}>${fault}</p>`}</div>
    <div class="outcome-more"><div class="chips" role="group" aria-label=${t('outcomes.applies', { name })}>${CALLS.map((call) => html`<button key=${call} type="button" class="chip" aria-pressed=${applies.includes(call)}
        onClick=${() => toggle(call)}>${t(`outcomes.calls.${call}`)}</button>`)}</div>
      <select aria-label=${t('outcomes.asks_of', { name })} onChange=${(/** @type {any} */ event) => onChange({ asks: event.currentTarget.value })}>
        ${ASKS.map((one) => html`<option key=${one} value=${one} selected=${one === asks}>${t(`outcomes.asks.${one}`)}</option>`)}</select></div></div></li>`;
}
