// @ts-check
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { go } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { putAway } from './nobodies.js';

/** @typedef {import('../../../core/types.js').Unnamed} Unnamed */
/** @typedef {import('../../../core/types.js').User} User */

/** The form of a person, new or known, with this login among the lines. @param {Unnamed} asked @param {string} [id] */
export const formFor = ({ integration, name }, id) => `/settings/people?${new URLSearchParams({ ...(id ? { id } : { new: '' }), integration, account: name })}`;

/** Logins that calls were at and that are nobody's lines: who is it? @param {{unknown: Unnamed[], people: User[], nameOf: (integration: string) => string, again: () => Promise<void>}} props */
export function UnknownPeople({ unknown, people, nameOf, again }) {
  if (unknown.length === 0) return null;
  return html`<section class="panel"><h2>${t('people.unknown')}</h2><p class="panel-more hint">${t('people.unknown_more')}</p>
    <ul class="rows">${unknown.map((asked) => html`<li class="row" key=${asked.integration + asked.name}><span class="row-icon warn"><${Icon} name="user-plus" /></span>
      <div class="row-main"><p class="row-title"><span dir="auto">${asked.name}</span></p>
        <p class="row-more muted"><span>${t('people.heard', { when: formatWhen(asked.heard_at) })}</span><span dir="auto">${nameOf(asked.integration)}</span></p>
        <div class="buttons"><a class="button small" href=${formFor(asked)}>${t('people.new')}</a>
          <select aria-label=${t('people.unknown_of', { account: asked.name })} onChange=${(/** @type {any} */ event) => go(formFor(asked, event.currentTarget.value))}>
            <option value="">${t('people.unknown_known')}</option>
            ${people.map((user) => html`<option key=${user.id} value=${user.id}>${user.name || user.login}</option>`)}</select>
          <button type="button" class="button small" aria-label=${t('people.nobody_of', { account: asked.name })} onClick=${() => putAway(asked, again)}>${t('people.nobody')}</button></div></div></li>`)}</ul></section>`;
}
