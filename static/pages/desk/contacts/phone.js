// @ts-check
import { useBlocked } from '../../../card/blocked.js';
import { BlockedNote } from '../../../card/blocked-note.js';
import { CallButton } from '../../../card/call-button.js';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { CopyButton } from '../../../ui/copy.js';
import { Icon } from '../../../ui/icon.js';
import { Editable } from './editable.js';

/**
 * One of a client's numbers: called, copied, labelled, blocked and taken away.
 *
 * @param {{phone: import('../../../core/types.js').Contact['phones'][0], onLabel: (label: string) => Promise<void>, onRemove: () => void}} props
 */
export function Phone({ phone: { number, label }, onLabel, onRemove }) {
  const shown = formatPhone(number);
  const { known, isAsked, act, leave, free } = useBlocked(number);
  const blocked = known?.blocked;
  const button = (/** @type {string} */ words, /** @type {string} */ icon, /** @type {() => void} */ press) => html`<button type="button"
    class="icon-button small" aria-label=${t(words, { number: shown })} title=${t(words, { number: shown })} onClick=${press}><${Icon} name=${icon} /></button>`;
  return html`<li class="contact-phone">
    <span class="contact-phone-number"><span class="figures">${shown}</span><${CopyButton} text=${number} label=${t('contacts.copy', { number: shown })} /></span>
    <${Editable} id=${`label-${number}`} label=${t('contacts.label_of', { number: shown })} value=${label} most=${50} placeholder=${t('contacts.label_example')} onSave=${onLabel} />
    <span class="contact-phone-actions"><${CallButton} phone=${number} label=${t('dial.call')} small />
      <a class="icon-button small only-phone" href=${`tel:${number}`} aria-label=${t('contacts.tel', { number: shown })} title=${t('contacts.tel', { number: shown })}><${Icon} name="phone-outgoing" /></a></span>
    <span class="contact-phone-more">${known && !blocked && !isAsked && button('contacts.block', 'ban', act)}${button('contacts.unphone', 'x', onRemove)}</span>
    ${blocked && html`<${BlockedNote} blocked=${blocked} free=${free} />`}
    ${isAsked && !blocked && html`<div class="blocked-line"><span>${t('block.sure')}</span><div class="buttons"><button type="button" class="button small" onClick=${act}><${Icon} name="ban" />${t('block.insist')}</button>
      <button type="button" class="button small" onClick=${leave}>${t('contact.cancel')}</button></div></div>`}</li>`;
}
