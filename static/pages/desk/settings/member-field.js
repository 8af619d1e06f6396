// @ts-check
import { html } from '../../../core/html.js';
import { has, t } from '../../../core/i18n.js';

/** @typedef {import('./kinds.js').Member} Member */

const TYPES = { address: 'url', phone: 'tel', email: 'email' };

/** One setting of an outside system. @param {{member: Member, kind: string, value: any}} props value: undefined when it is not set */
export function MemberField({ member: { name, form, needed, on }, kind, value }) {
  const id = `member-${name}`;
  const label = t(has(`member.${kind}.${name}`) ? `member.${kind}.${name}` : `field.${name}`);
  const hint = has(`member.${kind}.${name}_more`) ? t(`member.${kind}.${name}_more`) : '';
  const more = hint && html`<p class="hint" id=${`${id}-more`}>${hint}</p>`;
  if (form === 'switch') {
    return html`<div class="field"><label class="check"><input type="checkbox" name=${name} defaultChecked=${value ?? on} />${label}</label>${more}</div>`;
  }
  if (Array.isArray(form)) {
    return html`<div class="field"><label for=${id}>${label}</label>
      <select id=${id} name=${name} defaultValue=${value ?? form[0]}>${form.map((one) => html`<option key=${one} value=${one} selected=${one === (value ?? form[0])}>${t(`member.${kind}.${name}.${one}`)}</option>`)}</select>${more}</div>`;
  }
  const isSet = form === 'secret' && value === 'set';
  return html`<div class="field"><label for=${id}>${label}</label>
    <input id=${id} name=${name} type=${TYPES[/** @type {keyof typeof TYPES} */ (form)] ?? 'text'} required=${needed && !isSet} maxlength="500" autocomplete="off" autocapitalize="none" spellcheck=${false}
      defaultValue=${form === 'secret' ? '' : (form === 'hosts' ? (value ?? []).join(', ') : (value ?? ''))} placeholder=${isSet ? t('member.kept') : ''} aria-describedby=${hint ? `${id}-more` : undefined} />${more}</div>`;
}
