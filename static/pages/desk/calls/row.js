// @ts-check
import { computed } from '../../../vendor/signals.mjs';
import { useDial, hasLine } from '../../../card/call-button.js';
import { look } from '../../../card/look.js';
import { outcomeName } from '../../../card/settings.js';
import { isNamed, isNumber, number, who } from '../../../card/who.js';
import { formatAgo, formatClock, formatExact, formatLength } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { now } from '../../../core/ticks.js';
import { Icon } from '../../../ui/icon.js';
import { hrefOf, onPlain, openCall } from './open.js';
import { canPlay } from './listen.js';
import { namesOf, peopleOf } from './people.js';
import { isHeard, PlayButton, recordingWords } from './recording.js';

/** @typedef {import('../../../core/types.js').Call} Call */

const minute = computed(() => Math.floor(now.value / 60_000));

/** One call in one line. @param {{call: Call, top: number, isOpen: boolean, isChosen: boolean, place: number, of: number}} props */
export function Row({ call, top, isOpen, isChosen, place, of }) {
  void minute.value;
  const { icon, tone, word } = look(call);
  const line = call.line?.label || (call.line ? number(call.line.number) : '');
  return html`<li class=${`call-line ${isOpen ? 'open' : ''} ${isChosen ? 'chosen' : ''}`} style=${{ translate: `0 ${top}px` }} aria-posinset=${place} aria-setsize=${of}>
    <a class="call-line-open" href=${hrefOf(call.id)} data-row=${call.id} aria-current=${isOpen ? 'true' : undefined} onClick=${onPlain(() => openCall(call.id))}>
      <span class=${`cell-what ${tone}-text`}><${Icon} name=${icon} /><span title=${word}>${word}</span></span>
      <span class=${`cell-who ${isNamed(call.contact) ? '' : 'figures'}`} dir="auto" title=${isNumber(call.phone) ? number(call.phone, call.phone_formatted) : undefined}>${who(call)}</span>
      <span class="cell-line muted" dir="auto" title=${line}>${line}</span>
      <span class="cell-people" dir="auto" title=${namesOf(call)}>${peopleOf(call)}</span>
      <span class="cell-length figures"><${Length} call=${call} /></span>
      <span class="cell-marks">${call.note && html`<span title=${call.note}><${Icon} name="sticky-note" /><span class="out-of-sight">${t('calls.has.note')}</span></span>`}
        ${call.recording.state !== 'none' && html`<span class=${markOf(call)} title=${recordingWords(call)}><${Icon} name="audio-lines" /><span class="out-of-sight">${t('calls.has.recording')}</span></span>`}</span>
      <span class="cell-outcome" dir="auto" title=${outcomeName(call.outcome)}>${call.is_trial ? html`<span class="badge">${t('trial.mark')}</span>` : outcomeName(call.outcome)}</span>
      <time class="cell-time muted figures" datetime=${call.started_at} title=${formatExact(call.started_at)}>${formatAgo(call.started_at)}</time>
    </a>
    ${canPlay(call) && html`<${PlayButton} call=${call} who=${who(call)} />`}
    ${isNumber(call.phone) && html`<${CallBack} call=${call} />`}
  </li>`;
}

/** What is not heard yet stands out; what is not there yet is pale. @param {Call} call */
const markOf = (call) => (canPlay(call) ? (isHeard(call) ? '' : 'unheard') : 'pale');

/** How long they talked, or the client waited. @param {{call: Call}} props */
function Length({ call }) {
  if (call.state === 'talking' && call.answered_at) return formatClock((now.value - Date.parse(call.answered_at)) / 1000);
  if (call.state === 'answered') return call.duration_s === null ? '' : formatClock(call.duration_s);
  if (call.state === 'ringing') return formatClock((now.value - Date.parse(call.started_at)) / 1000);
  return call.state === 'missed' && call.wait_s !== null ? html`<span class="muted">${t('calls.waited', { time: formatLength(call.wait_s) })}</span>` : '';
}

/** @param {{call: Call}} props */
function CallBack({ call }) {
  const { busy, dial } = useDial();
  const label = t('calls.call', { who: who(call) });
  return html`<button type="button" class="icon-button small call-line-dial" disabled=${busy || !hasLine()} title=${hasLine() ? label : t('dial.no_line')} aria-label=${label}
    onClick=${() => dial(call.phone)}><${Icon} name="phone" /></button>`;
}
