// @ts-check
import { isNamed, nameOf } from '../../../card/who.js';
import { CallButton } from '../../../card/call-button.js';
import { formatExact, formatPhone, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { now } from '../../../core/ticks.js';
import { Icon } from '../../../ui/icon.js';

/** @typedef {import('../../../core/types.js').Contact} Contact */

/** As many tags as fit beside a name. */
const TAGS = 2;

/** A client in two lines: who it is and how to reach him; whom he talked to last, and what is owed to him. @param {{contact: Contact}} props */
export function Row({ contact }) {
  const [first] = contact.phones;
  const name = nameOf(contact) || (first ? formatPhone(first.number) : t('card.new_client'));
  const isOther = contact.company && contact.company !== name;
  return html`<li class="row contact-row">
    <span class="row-icon"><${Icon} name=${contact.kind === 'lead' ? 'user-plus' : 'user'} /></span>
    <div class="row-main">
      <p class="row-title"><a class=${`row-open ${isNamed(contact) ? '' : 'figures'}`} href=${`/contacts/${encodeURIComponent(contact.id)}`} dir="auto">${name}</a>
        ${contact.vip && html`<span class="vip-star" title=${t('client.vip')}><${Icon} name="star" /><span class="out-of-sight">${t('client.vip')}</span></span>`}
        ${contact.kind === 'lead' && html`<span class="badge new">${t('card.new_client')}</span>`}
        <${Tags} tags=${contact.tags} /></p>
      <p class="row-more muted">${isOther && html`<span class="contact-company" dir="auto" title=${contact.company}>${contact.company}</span>`}
        ${first && isNamed(contact) && html`<span class="figures">${formatPhone(first.number)}</span>`}
        ${contact.phones.length > 1 && html`<span>${t('contacts.more_numbers', { n: contact.phones.length - 1 })}</span>`}
        ${contact.responsible && html`<span dir="auto">${t('card.responsible_other', { who: contact.responsible.name })}</span>`}</p>
    </div>
    ${contact.missed_open > 0 && html`<a class="badge bad" href="/missed">${t('card.missed', { n: contact.missed_open })}</a>`}
    <${LastTalk} talk=${contact.last_talk} />
    <div class="row-actions">${first && html`<${CallButton} phone=${first.number} label=${t('dial.call')} small />`}</div>
  </li>`;
}

/** @param {{talk: Contact['last_talk']}} props */
function LastTalk({ talk }) {
  void now.value;
  if (!talk) return html`<p class="last-talk muted" title=${t('contacts.never')}><span aria-hidden="true">—</span><span class="out-of-sight">${t('contacts.never')}</span></p>`;
  const words = t(talk.direction === 'in' ? 'calls.in' : 'calls.out');
  return html`<p class="last-talk"><span class="last-talk-when" title=${`${words}, ${formatExact(talk.at)}`}><${Icon} name=${talk.direction === 'in' ? 'phone-incoming' : 'phone-outgoing'} />
      <span class="out-of-sight">${words}</span><time class="figures" datetime=${talk.at}>${formatWhen(talk.at)}</time></span>
    ${talk.user && html`<span class="muted" dir="auto">${talk.user.name}</span>`}</p>`;
}

/** One row, the further ones counted. @param {{tags: string[]}} props */
function Tags({ tags }) {
  const rest = tags.length - TAGS;
  return html`${tags.slice(0, TAGS).map((tag) => html`<a key=${tag} class="tag" href=${`/contacts?tag=${encodeURIComponent(tag)}`} dir="auto" title=${tag}>${tag}</a>`)}
    ${rest > 0 && html`<span class="tag" title=${tags.slice(TAGS).join(', ')}>+${rest}</span>`}`;
}
