// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';

/** @typedef {import('../../../core/types.js').LineRef} LineRef */

/** Our own numbers and what each is for: that is what a card says of the line dialled. @param {{numbers: LineRef[], change: import('./rules.js').Change}} props */
export function Numbers({ numbers, change }) {
  const [refused, setRefused] = useState('');
  const add = async (/** @type {any} */ event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const why = await change({ numbers: [...numbers, { number: String(fields.get('number')).trim(), label: String(fields.get('label')).trim() }] });
    setRefused(why);
    if (!why) form.reset();
  };
  return html`${numbers.length > 0 && html`<ul class="rows">${numbers.map((one) => html`<li class="row" key=${one.number}><div class="row-main">
      <p class="row-title"><span dir="auto">${one.label || t('contact.empty')}</span></p><p class="row-more muted figures">${formatPhone(one.number)}</p></div>
    <button type="button" class="icon-button" aria-label=${t('rules.number_remove', { number: formatPhone(one.number) })} title=${t('rules.number_remove', { number: formatPhone(one.number) })}
      onClick=${() => change({ numbers: numbers.filter(({ number }) => number !== one.number) })}><${Icon} name="x" /></button></li>`)}</ul>`}
    <form class="panel-foot line-row" onSubmit=${add}>
      <input name="number" type="tel" required maxlength="40" aria-label=${t('rules.number')} placeholder=${t('rules.number')} autocomplete="off" />
      <input name="label" required maxlength="100" aria-label=${t('rules.label')} placeholder=${t('rules.label')} autocomplete="off" />
      <button class="button">${t('rules.number_add')}</button></form>
    ${refused && html`<p class="empty bad-text" role="alert">${refused}</p>`}`;
}
