// @ts-check
import { hasLine } from '../../../card/call-button.js';
import { othersOf, whyWords } from '../../../card/missed-facts.js';
import { isNamed, isNumber, number } from '../../../card/who.js';
import { formatExact } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { hint } from '../../../core/keys.js';
import { now, serverNow } from '../../../core/ticks.js';
import { Icon } from '../../../ui/icon.js';
import { asking, clientOf, conflict } from './actions.js';
import { chosen } from './chosen.js';
import { Choices } from './choices.js';
import { isMine } from './keys.js';
import { Rest } from './rest.js';
import { When } from './when.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

/** What was taken so lately is news. */
const JUST_S = 60;

/** One client who waits, in two lines. @param {{row: MissedRow, isDialling: boolean, callBack: (row: MissedRow) => void}} props */
export function Row({ row, isDialling, callBack }) {
  const asks = asking.value?.id === row.id ? asking.value.what : null;
  const isChosen = chosen.value === row.id;
  const who = clientOf(row);
  return html`<li id=${`missed-${row.id}`} class=${`row waiting ${isChosen ? 'chosen' : ''}`} data-missed=${row.number} tabindex="-1"
    aria-current=${isChosen ? 'true' : undefined} onFocusCapture=${() => (chosen.value = row.id)}>
    <${When} row=${row} />
    <div class="row-main">
      <p class="missed-line"><strong class=${isNamed(row.contact) ? '' : 'figures'} dir="auto">${row.contact ? html`<a class="row-open" href=${`/contacts/${encodeURIComponent(row.contact.id)}`}>${who}</a>` : who}</strong>
        ${row.is_vip && html`<span class="missed-vip" title=${t('client.vip')}><${Icon} name="star" /><span class="out-of-sight">${t('client.vip')}</span></span>`}
        ${row.count > 1 && html`<span class="badge" title=${t('missed.times', { n: row.count })}>×${row.count}</span>`}
        ${isNamed(row.contact) && html`<span class="figures muted">${number(row.number, row.number_formatted)}</span>`}
        ${othersOf(row) && html`<span class="muted missed-others" title=${othersOf(row)}><span class="figures">${othersOf(row)}</span></span>`}</p>
      <p class="missed-line row-more muted"><${State} row=${row} />
        ${row.why && html`<span dir="auto">${whyWords(row)}</span>`}
        ${row.line && html`<span dir="auto">${row.line.label || number(row.line.number)}</span>`}
        ${row.responsible && html`<span dir="auto">${row.responsible.name}</span>`}</p>
    </div>
    <div class="missed-acts">${!asks && html`<${Rest} row=${row} />`}
      ${isNumber(row.number) && html`<button type="button" class=${`button small ${isChosen ? 'primary' : ''}`} disabled=${isDialling || !hasLine()} aria-label=${`${t('card.call_back')}: ${who}`}
        title=${hasLine() ? t('dial.to', { phone: number(row.number, row.number_formatted) }) + hint('board.call') : t('dial.no_line')} onClick=${() => callBack(row)}><${Icon} name="phone" />${t('card.call_back')}</button>`}</div>
    ${asks && html`<${Choices} row=${row} what=${asks} />`}
  </li>`;
}

/** Who deals with it, and whether somebody was faster. @param {{row: MissedRow}} props */
function State({ row }) {
  if (conflict.value === row.id) {
    void now.value; // the seconds go by
    const seconds = row.taken_at ? Math.round((serverNow() - Date.parse(row.taken_at)) / 1000) : Infinity;
    const words = row.taken_by && seconds < JUST_S ? t('missed.conflict.taken', { who: row.taken_by.name, ago: ago(seconds) }) : t('missed.conflict');
    return html`<span class="bad-text" role="alert" dir="auto">${words}</span>`;
  }
  if (isMine(row)) return html`<span class="warn-text">${t('missed.state.taken_me')}</span>`;
  if (row.state === 'taken') return html`<span class="warn-text" title=${row.taken_at ? formatExact(row.taken_at) : ''} dir="auto">${t('missed.state.taken', { who: row.taken_by?.name ?? '' })}</span>`;
  return row.state === 'called_back' ? html`<span class="warn-text">${t('missed.state.called_back')}</span>` : null;
}

/** "5 seconds ago": in a conflict the seconds tell. @param {number} seconds */
const ago = (seconds) => new Intl.RelativeTimeFormat(locale.value, { numeric: 'always', style: 'short' }).format(-Math.max(1, seconds), 'second');
