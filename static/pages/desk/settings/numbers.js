// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { formatPhone, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend, route } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';

/** @typedef {import('../../../core/types.js').LineRef} LineRef */

/** Our own numbers and what each is for: that is what a card says of the line dialled. What calls came to and has no name is asked for. @param {{numbers: LineRef[], unknown: import('../../../core/types.js').Unnamed[], change: import('./rules.js').Change}} props */
export function Numbers({ numbers, unknown, change }) {
  const asked = route.value.query.get('number') ?? '';
  const [refused, setRefused] = useState('');
  const add = async (/** @type {any} */ event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const why = await change({ numbers: [...numbers, { number: String(fields.get('number')).trim(), label: String(fields.get('label')).trim() }] });
    setRefused(why);
    if (!why) {
      form.reset();
      amend({ number: null }, { replace: true });
    }
  };
  return html`${unknown.length > 0 && html`<ul class="rows">${unknown.map(({ name, heard_at: heard }) => html`<li class="row" key=${name}><span class="row-icon warn"><${Icon} name="phone-incoming" /></span>
      <div class="row-main"><p class="row-title"><span class="figures">${formatPhone(name)}</span> <span class="badge warn">${t('rules.unknown')}</span></p><p class="row-more muted">${t('people.heard', { when: formatWhen(heard) })}</p></div>
      <a class="button small" href=${`/settings/rules?number=${encodeURIComponent(name)}`}>${t('rules.unknown_name')}</a></li>`)}</ul>`}
    ${numbers.length > 0 && html`<ul class="rows">${numbers.map((one) => html`<li class="row" key=${one.number}><div class="row-main">
      <p class="row-title"><span dir="auto">${one.label || t('contact.empty')}</span></p><p class="row-more muted figures">${formatPhone(one.number)}</p></div>
    <button type="button" class="icon-button" aria-label=${t('rules.number_remove', { number: formatPhone(one.number) })} title=${t('rules.number_remove', { number: formatPhone(one.number) })}
      onClick=${() => change({ numbers: numbers.filter(({ number }) => number !== one.number) })}><${Icon} name="x" /></button></li>`)}</ul>`}
    <form class="panel-foot line-row" key=${asked} onSubmit=${add}>
      <input name="number" type="tel" required maxlength="40" aria-label=${t('rules.number')} placeholder=${t('rules.number')} autocomplete="off" defaultValue=${formatPhone(asked)} />
      <input name="label" required maxlength="100" aria-label=${t('rules.label')} placeholder=${t('rules.label')} autocomplete="off" ref=${asked ? focus : undefined} />
      <button class="button">${t('rules.number_add')}</button></form>
    ${refused && html`<p class="empty bad-text" role="alert">${refused}</p>`}`;
}

/** Its number stands there already. @param {HTMLInputElement|null} field */
function focus(field) {
  field?.focus();
}
