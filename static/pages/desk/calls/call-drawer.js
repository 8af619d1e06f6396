// @ts-check
import { CallButton } from '../../../card/call-button.js';
import { look } from '../../../card/look.js';
import { Matches } from '../../../card/matches.js';
import { Note } from '../../../card/note.js';
import { Outcome } from '../../../card/outcome.js';
import { hasEnded, phaseOf } from '../../../card/phase.js';
import { Promised } from '../../../card/promise.js';
import { isNamed, isNumber, number, who } from '../../../card/who.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { hint } from '../../../core/keys.js';
import { me } from '../../../core/session.js';
import { CopyButton } from '../../../ui/copy.js';
import { Icon } from '../../../ui/icon.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { BlockedLine } from './blocked-line.js';
import { CallFacts } from './call-facts.js';
import { Chain } from './chain.js';
import { Deliveries } from './deliveries.js';
import { Legs } from './legs.js';
import { closeCall } from './open.js';
import { useCall } from './one.js';
import { RecordingPart } from './recording.js';
import { useDrawerKeys } from './drawer-keys.js';
import { isAnothers, Said } from './said.js';

/** @typedef {import('../../../core/types.js').Call} Call */

/** What stands behind a row. @param {{id: string, known: Call|undefined}} props */
export function CallDrawer({ id, known }) {
  const { card, refused } = useCall(id, known);
  useDrawerKeys(card);
  const close = html`<button type="button" class="icon-button small" onClick=${closeCall} aria-label=${t('drawer.close')} title=${t('drawer.close') + hint('drawer.close')}><${Icon} name="x" /></button>`;
  if (!card) {
    return html`<header class="drawer-head"><span class="spring"></span>${close}</header>
      ${refused ? html`<p class="empty" role="alert">${refused}</p>` : html`<${Skeleton} rows=${4} />`}`;
  }
  const phase = phaseOf(card, me.value);
  const { icon, tone, word } = look(card);
  const again = phase === 'missed' ? 'card.call_back' : phase === 'unreached' ? 'card.call_again' : 'dial.call';
  return html`<header class=${`drawer-head ${tone}-tone`}><span class=${`drawer-state ${tone}-text`}><${Icon} name=${icon} />${word}</span><span class="spring"></span>${close}</header>
    <div class="drawer-body" data-call=${id}>
      <div class="client"><h2 class=${isNamed(card.contact) ? 'client-name' : 'client-name figures'} dir="auto">${card.contact ? html`<a href=${`/contacts/${encodeURIComponent(card.contact.id)}`}>${who(card)}</a>` : who(card)}</h2>
        ${isNumber(card.phone) && html`<p class="client-number">${isNamed(card.contact) && html`<span class="figures">${number(card.phone, card.phone_formatted)}</span>`}<${CopyButton} text=${card.phone} label=${t('card.copy')} /></p>`}
        ${card.contact?.company && card.contact.name && html`<p class="company" dir="auto">${card.contact.company}</p>`}</div>
      ${isNumber(card.phone) && html`<${CallButton} phone=${card.phone} label=${t(again)} primary=${phase === 'missed' || phase === 'unreached'} />`}
      <${RecordingPart} call=${card} />
      <${CallFacts} call=${card} />
      ${isAnothers(card) ? html`<${Said} call=${card} />` : html`<${Matches} card=${card} />
        ${hasEnded(card) && html`<${Outcome} card=${card} /><${Promised} card=${card} />`}
        <${Note} card=${card} phase=${phase} />`}
      <${Legs} call=${card} />
      <${Chain} key=${`${card.contact?.id}/${card.phone}`} call=${card} />
      <${Deliveries} call=${card} />
      ${isNumber(card.phone) && html`<${BlockedLine} key=${card.phone} phone=${card.phone} />`}
    </div>`;
}
