// @ts-check
import { formatClock, formatExact } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { now } from '../../../core/ticks.js';

/** @typedef {import('../../../core/types.js').Call} Call */
/** @typedef {import('../../../core/types.js').Leg} Leg */

/** Whose phones rang, when, and who talked: one bar a phone, all on one scale. @param {{call: Call}} props */
export function Legs({ call }) {
  if (call.legs.length === 0) return null;
  const isOver = call.ended_at !== null;
  const end = Date.parse(call.ended_at ?? '') || now.value;
  const starts = call.legs.map((leg) => Date.parse(leg.ringing_at ?? leg.answered_at ?? call.started_at));
  const start = Math.min(Date.parse(call.started_at), ...starts);
  const span = Math.max(1000, end - start);
  const share = (/** @type {number} */ at) => Math.max(0, Math.min(100, ((at - start) / span) * 100));
  const legs = call.legs.map((leg, index) => ({ leg, from: starts[index] ?? start })).sort((a, b) => a.from - b.from);
  return html`<section class="drawer-part"><h3>${t('calls.legs')}</h3>
    <ul class="legs">${legs.map(({ leg, from }) => {
      const until = Date.parse(leg.ended_at ?? '') || (isOver ? end : now.value);
      const answered = Date.parse(leg.answered_at ?? '');
      const rang = ((answered || until) - from) / 1000;
      return html`<li key=${leg.account} class=${`leg ${leg.state}`} title=${formatExact(new Date(from).toISOString())}>
        <span class="leg-who" dir="auto">${leg.user?.name || leg.account}</span>
        <span class="leg-what muted">${said(leg, rang, answered ? (until - answered) / 1000 : 0)}</span>
        <span class="leg-track" aria-hidden="true"><span class="leg-rang" style=${place(share(from), share(answered || until))}></span>
          ${answered > 0 && html`<span class="leg-talked" style=${place(share(answered), share(until))}></span>`}</span></li>`;
    })}</ul></section>`;
}

/** @param {number} from @param {number} to */
const place = (from, to) => ({ insetInlineStart: `${from}%`, inlineSize: `${Math.max(1, to - from)}%` });

/** @param {Leg} leg @param {number} rangS @param {number} talkedS */
function said({ state }, rangS, talkedS) {
  if (state === 'ringing') return t('calls.leg.ringing', { time: formatClock(rangS) });
  if (state === 'cancelled') return t('calls.leg.rang', { time: formatClock(rangS) });
  return t('calls.leg.talked', { rang: formatClock(rangS), talked: formatClock(talkedS) });
}
