// @ts-check
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { amend, route } from '../../../core/router.js';
import { Icon } from '../../../ui/icon.js';
import { Asked, useAsked } from './asked.js';
import { PersonForm } from './person-form.js';

/** @typedef {import('../../../core/types.js').User} User */
/** @typedef {import('../../../core/types.js').Integration} Integration */

/** Who signs in here, as whom, and with which lines; one of them, or a new one, opened. */
export function People() {
  const [answer, again] = useAsked(read);
  const id = route.value.query.get('id');
  const isNew = route.value.query.has('new');
  const known = typeof answer === 'object' ? answer : null;
  const opened = known?.people.find((one) => one.id === id);
  const close = async () => {
    await again();
    amend({ new: null, id: null });
  };
  if (known && (isNew || opened)) {
    return html`<${PersonForm} key=${id ?? 'new'} user=${opened ?? null} integrations=${known.integrations} onClose=${close} />`;
  }
  const foot = html`<div class="panel-foot"><a class="button" href="/settings/people?new="><${Icon} name="user-plus" />${t('people.new')}</a></div>`;
  return html`<${Asked} title=${t('settings.people')} more=${t('people.more')} answer=${answer} foot=${foot} show=${show} />`;
}

/** @returns {Promise<{people: User[], integrations: Integration[]}>} */
async function read() {
  const [{ items: people }, { items: integrations }] = await Promise.all([api.users(), api.integrations()]);
  return { people, integrations };
}

/** @param {{people: User[], integrations: Integration[]}} answer */
function show({ people, integrations }) {
  const nameOf = (/** @type {string} */ integration) => integrations.find(({ id }) => id === integration)?.name ?? '';
  return html`<ul class="rows">${people.map((user) => html`<li class="row" key=${user.id}><span class="row-icon"><${Icon} name="user" /></span>
    <div class="row-main"><p class="row-title"><a class="row-open" dir="auto" href=${`/settings/people?id=${encodeURIComponent(user.id)}`}>${user.name || user.login}</a>
        <span class="badge">${t(`people.role.${user.role}`)}</span></p>
      <p class="row-more muted"><span>${user.login}</span>${user.lines.length === 0
        ? html`<span class="warn-text">${t('me.no_line')}</span>`
        : user.lines.map((line) => html`<span dir="auto" key=${line.integration + line.account}>${nameOf(line.integration)}: ${line.account}</span>`)}</p></div></li>`)}</ul>`;
}
