// @ts-check
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend, route } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Asked, useAsked } from './asked.js';
import { Nobodies } from './nobodies.js';
import { PersonForm } from './person-form.js';
import { UnknownPeople } from './unknown-people.js';

/** @typedef {import('../../../core/types.js').WholePerson} User */
/** @typedef {import('../../../core/types.js').Integration} Integration */
/** @typedef {import('../../../core/types.js').Unnamed} Unnamed */
/** @typedef {{people: User[], integrations: Integration[], unknown: Unnamed[]}} Known */

/** Who signs in here, as whom, and with which lines; one of them, or a new one, opened. */
export function People() {
  const [answer, again] = useAsked(read);
  const id = route.value.query.get('id');
  const isNew = route.value.query.has('new');
  const known = typeof answer === 'object' ? answer : null;
  const opened = known?.people.find((one) => one.id === id);
  const close = async () => {
    await again();
    amend({ new: null, id: null, integration: null, account: null });
  };
  if (known && (isNew || opened)) {
    return html`<${PersonForm} key=${id ?? 'new'} user=${opened ?? null} asked=${askedLine()} integrations=${known.integrations} onClose=${close} />`;
  }
  const foot = html`<div class="panel-foot"><a class="button" href="/settings/people?new="><${Icon} name="user-plus" />${t('people.new')}</a></div>`;
  const nameOf = (/** @type {string} */ integration) => known?.integrations.find(({ id }) => id === integration)?.name ?? '';
  return html`${known && html`<${UnknownPeople} unknown=${known.unknown.filter((one) => !one.is_nobody)} people=${known.people} nameOf=${nameOf} again=${again} />`}
    <${Asked} title=${t('settings.people')} more=${t('people.more')} answer=${answer} foot=${foot} show=${show} />
    ${known && html`<${Nobodies} nobodies=${known.unknown.filter((one) => one.is_nobody)} nameOf=${nameOf} again=${again} />`}`;
}

/** The line that the address asks for: of a login that somebody was asked of. @returns {import('../../../core/types.js').Line|null} */
function askedLine() {
  const { query } = route.value;
  const [integration, account] = [query.get('integration'), query.get('account')];
  return integration && account ? { integration, account } : null;
}

/** @returns {Promise<Known>} */
async function read() {
  const [{ items: people }, { items: integrations }, { items: unnamed }] = await Promise.all([api.users(), api.integrations(), api.unnamed()]);
  return { people, integrations, unknown: unnamed.filter(({ kind }) => kind === 'account') };
}

/** @param {Known} answer */
function show({ people, integrations }) {
  const nameOf = (/** @type {string} */ integration) => integrations.find(({ id }) => id === integration)?.name ?? '';
  return html`<ul class="rows">${people.map((user) => html`<li class="row" key=${user.id}><span class="row-icon"><${Icon} name="user" /></span>
    <div class="row-main"><p class="row-title"><a class="row-open" dir="auto" href=${`/settings/people?id=${encodeURIComponent(user.id)}`}>${user.name || user.login}</a>
        <span class="badge">${t(`people.role.${user.role}`)}</span> ${user.has_second_factor && html`<span class="badge good">${t('people.with_code')}</span>`}</p>
      <p class="row-more muted"><span>${user.login}</span>${user.lines.length === 0
        ? html`<span class="warn-text">${t('me.no_line')}</span>`
        : user.lines.map((line) => html`<span dir="auto" key=${line.integration + line.account}>${nameOf(line.integration)}: ${line.account}</span>`)}</p></div></li>`)}</ul>`;
}
