// @ts-check
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { attempt, say } from '../../../ui/toast.js';

/** @typedef {import('../../../core/types.js').Unnamed} Unnamed */

/** Nobody is behind this login: he is not asked for again; the toast takes it back. @param {Unnamed} login @param {() => Promise<void>} again */
export const putAway = (login, again) => attempt(async () => {
  await api.isNobody(login, true);
  await again();
  say({ text: t('people.nobody_said', { account: login.name }), label: t('missed.undo'), undo: () => askAgain(login, again) });
});

/** @param {Unnamed} login @param {() => Promise<void>} again */
const askAgain = (login, again) => attempt(async () => {
  await api.isNobody(login, false);
  await again();
});

/** The logins that are nobody, and the way back. @param {{nobodies: Unnamed[], nameOf: (integration: string) => string, again: () => Promise<void>}} props */
export function Nobodies({ nobodies, nameOf, again }) {
  if (nobodies.length === 0) return null;
  return html`<section class="panel"><h2>${t('people.nobodies')}</h2><p class="panel-more hint">${t('people.nobodies_more')}</p>
    <ul class="rows">${nobodies.map((login) => html`<li class="row" key=${login.integration + login.name}><span class="row-icon"><${Icon} name="x" /></span>
      <div class="row-main"><p class="row-title"><span dir="auto">${login.name}</span></p><p class="row-more muted"><span dir="auto">${nameOf(login.integration)}</span></p></div>
      <button type="button" class="button small" aria-label=${`${t('people.nobody_back')}: ${login.name}`} onClick=${() => askAgain(login, again)}>${t('people.nobody_back')}</button></li>`)}</ul></section>`;
}
