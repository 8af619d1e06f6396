// @ts-check
import { outcomeName } from '../../../card/settings.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';

/** @typedef {import('../../../core/types.js').Call} Call */

/** Whether the call is another's, for an operator: the server takes nothing of him there. @param {Call} call */
export function isAnothers(call) {
  const people = [call.user, ...call.legs.map(({ user }) => user)].filter((user) => user !== null);
  return me.value?.role === 'operator' && people.length > 0 && people.every((user) => user?.id !== me.value?.id);
}

/** What others have written of their call, to read. @param {{call: Call}} props */
export function Said({ call }) {
  if (!call.note && !call.outcome) return null;
  return html`<dl class="facts">
    ${call.outcome && html`<div class="fact"><dt>${t('outcome.title')}</dt><dd dir="auto">${outcomeName(call.outcome)}</dd></div>`}
    ${call.note && html`<div class="fact"><dt>${t('calls.has.note')}</dt><dd class="pre" dir="auto">${call.note}</dd></div>`}</dl>`;
}
