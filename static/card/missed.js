// @ts-check
import { useState } from '../vendor/hooks.mjs';
import { CallButton } from './call-button.js';
import { missedOpen } from './cards.js';
import { isNamed, isNumber, nameOf, number } from './who.js';
import { formatAgo, formatExact } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { now } from '../core/ticks.js';
import { focus } from '../ui/focus.js';
import { More } from '../ui/more.js';
import { Skeleton } from '../ui/skeleton.js';
import { attempt, say } from '../ui/toast.js';
import { board } from './lists.js';
import { changeRow } from './missed-change.js';
import { Deadline, othersOf, whyWords } from './missed-facts.js';

/** @typedef {import('../core/types.js').MissedRow} MissedRow */

/** Why a row is closed by hand. */
export const REASONS = ['reached', 'not_needed', 'not_ours', 'spam'];

/** Clients whom nobody has answered yet, one row a client. */
export function Missed() {
  const rows = board.items.value;
  return html`<section class="panel" id="missed" aria-labelledby="missed-title" tabindex="-1">
    <h2 id="missed-title">${t('missed.title')} ${rows && rows.length > 0 && html`<span class="count bad">${board.next.value === null ? rows.length : missedOpen.value}</span>`}</h2>
    ${rows === null && html`<${Skeleton} rows=${2} />`}
    ${rows?.length === 0 && html`<p class="empty"><strong>${t('missed.none')}</strong> ${t('missed.none_more')}</p>`}
    ${rows && rows.length > 0 && html`<ul class="rows">${rows.map((row) => html`<${Row} key=${row.id} row=${row} />`)}</ul><${More} list=${board} />`}
  </section>`;
}

/** @param {{row: MissedRow}} props */
function Row({ row }) {
  const [asks, setAsks] = useState(false);
  void now.value; // "5 minutes ago" moves on
  const name = nameOf(row.contact) || number(row.number, row.number_formatted);
  let seen = row;
  const change = (/** @type {object} */ body) => attempt(async () => {
    seen = await changeRow(seen, body);
  });
  return html`<li class="row missed-row" data-missed=${row.number}>
    <div class="row-main">
      <p class="row-title"><span class=${isNamed(row.contact) ? '' : 'figures'} dir="auto">${name}</span> <${Deadline} row=${row} /> <${StateWord} row=${row} /></p>
      <p class="row-more muted">${isNamed(row.contact) && html`<span class="figures">${number(row.number, row.number_formatted)}</span>`}
        ${othersOf(row) && html`<span class="figures">${othersOf(row)}</span>`}
        <span>${t('missed.times', { n: row.count })}${row.last_at && html`<span title=${formatExact(row.last_at)}>, ${t('missed.last', { ago: formatAgo(row.last_at) })}</span>`}</span>
        ${row.why && html`<span dir="auto">${whyWords(row)}</span>`}
        ${row.line && html`<span dir="auto">${row.line.label || number(row.line.number)}</span>`}
        ${row.responsible && html`<span dir="auto">${row.responsible.name}</span>`}</p>
    </div>
    ${asks ? html`<fieldset class="chips row-reasons" onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && setAsks(false)}>
      <legend class="out-of-sight">${t('missed.reason')}</legend>
      ${REASONS.map((reason) => html`<button key=${reason} type="button" class="chip" onClick=${() => close(row, name, t(`missed.reason.${reason}`), change)}>${t(`missed.reason.${reason}`)}</button>`)}
      <button type="button" class="button small" ref=${focus} onClick=${() => setAsks(false)}>${t('missed.cancel')}</button>
    </fieldset>` : html`<div class="buttons row-actions">
      ${isNumber(row.number) && html`<${CallButton} phone=${row.number} label=${t('card.call_back')} small />`}
      ${row.state === 'new' && html`<button type="button" class="button small" onClick=${() => change({ state: 'taken' })}>${t('missed.take')}</button>`}
      ${row.state === 'taken' && row.taken_by?.id === me.value?.id && html`<button type="button" class="button small" onClick=${() => change({ state: 'new' })}>${t('missed.release')}</button>`}
      <button type="button" class="button small" onClick=${() => setAsks(true)}>${t('missed.close')}</button>
    </div>`}
  </li>`;
}

/** @param {MissedRow} row @param {string} name @param {string} reason @param {(body: object) => Promise<boolean>} change */
async function close(row, name, reason, change) {
  if (await change({ state: 'closed', reason })) {
    say({ text: t('missed.closed', { who: name }), label: t('missed.undo'), undo: () => change({ state: 'new' }) });
  }
}

/** @param {{row: MissedRow}} props */
function StateWord({ row }) {
  if (row.state === 'taken' && row.taken_by?.id === me.value?.id) return html`<span class="badge warn">${t('missed.state.taken_me')}</span>`;
  const tone = row.state === 'new' ? 'bad' : 'warn';
  return html`<span class=${`badge ${tone}`} dir="auto">${t(`missed.state.${row.state}`, { who: row.taken_by?.name ?? '' })}</span>`;
}
