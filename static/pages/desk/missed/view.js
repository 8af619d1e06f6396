// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { useDial } from '../../../card/call-button.js';
import { board } from '../../../card/lists.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { More } from '../../../ui/more.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { asking, conflict } from './actions.js';
import { beside, choose, chosen, stand } from './chosen.js';
import { bindKeys } from './keys.js';
import { isOfNight, Night } from './night.js';
import { Promised } from './promised.js';
import { Row } from './row.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

await loadPart('missed');

/** Who waits for a call: what was promised, who waits, who is put off, who rang in the night. */
export function View() {
  const { busy, dial } = useDial();
  const [wanted, setWanted] = useState(/** @type {boolean|null} */ (null));
  const callBack = async (/** @type {MissedRow} */ row) => {
    const next = beside(row.id);
    if ((await dial(row.number)) && chosen.value === row.id) choose(next);
  };
  useEffect(() => {
    const unbind = bindKeys(callBack);
    return () => {
      unbind();
      asking.value = null;
      conflict.value = '';
    };
  }, []);
  const rows = board.items.value ?? [];
  const snoozed = rows.filter(({ state }) => state === 'snoozed');
  const night = rows.filter((row) => row.state !== 'snoozed' && isOfNight(row));
  const waiting = rows.filter((row) => row.state !== 'snoozed' && !isOfNight(row));
  const isOpen = wanted ?? waiting.length === 0;
  const ids = [...waiting, ...snoozed, ...(isOpen ? night : [])].map(({ id }) => id);
  const isRead = board.items.value !== null;
  const isAny = rows.length > 0;
  useEffect(() => {
    if (isAny && wanted === null) setWanted(isOpen); // as it is found: who rings later folds nothing away
  }, [isAny]);
  useEffect(() => stand(ids), [ids.join()]);
  const show = (/** @type {MissedRow[]} */ some) => html`<ul class="rows">${some.map((row) => html`<${Row} key=${row.id} row=${row} isDialling=${busy} callBack=${callBack} />`)}</ul>`;
  return html`<div class="view"><h1>${t('nav.missed')}</h1>
    <${Promised} />
    ${!isRead && html`<section class="panel"><${Skeleton} rows=${4} /></section>`}
    ${isRead && waiting.length + night.length === 0 && html`<section class="panel"><p class="empty"><strong>${t('missed.none')}</strong> ${t('missed.none_more')}</p></section>`}
    ${waiting.length > 0 && html`<section class="panel" aria-labelledby="waiting-title"><h2 id="waiting-title">${t('missed.waiting')} <span class="count bad">${waiting.length}</span></h2>${show(waiting)}</section>`}
    ${snoozed.length > 0 && html`<section class="panel" aria-labelledby="snoozed-title"><h2 id="snoozed-title">${t('missed.snoozed')} <span class="count">${snoozed.length}</span></h2>${show(snoozed)}</section>`}
    <${Night} rows=${night} isOpen=${isOpen} toggle=${() => setWanted(!isOpen)}>${show(night)}<//>
    <${More} list=${board} /></div>`;
}
