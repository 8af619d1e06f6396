// @ts-check
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Switch } from '../../../ui/switch.js';
import { say } from '../../../ui/toast.js';
import { Asked, useAsked } from './asked.js';
import { DeskName } from './desk-name.js';
import { Numbers } from './numbers.js';

/** @typedef {import('../../../core/types.js').SettingsAnswer} SettingsAnswer */
/** @typedef {import('../../../core/types.js').User} User */
/** @typedef {(change: object) => Promise<string>} Change answers why it was refused, or nothing */

const SWITCHES = /** @type {const} */ (['lead_on_missed', 'contact_on_outgoing', 'keep_unknown_users']);
const PEOPLE = /** @type {const} */ (['default_user', 'senior_manager']);
const RETENTION = /** @type {const} */ (['calls_d', 'recordings_d', 'leads_d', 'webhooks_d', 'audit_d']);

/** What follows from calls by itself, our numbers' names, how long things are kept. Each change is saved at once. */
export function Rules() {
  const [answer, again] = useAsked(read);
  /** @type {Change} */
  const change = async (wanted) => {
    try {
      await api.changeSettings(wanted);
      say({ text: t('settings.saved') });
      await again();
      return '';
    } catch (refusal) {
      say({ text: explain(refusal), bad: true });
      await again();
      return explain(refusal);
    }
  };
  return html`<${Asked} title=${t('rules.automation')} answer=${answer} show=${(/** @type {any} */ known) => html`<${Automation} ...${known} change=${change} />`} />
    <${Asked} title=${t('rules.ringing')} more=${t('rules.ringing_more')} answer=${answer} show=${(/** @type {any} */ known) => html`<${DeskName} settings=${known.settings} change=${change} />`} />
    <${Asked} title=${t('rules.numbers')} more=${t('rules.numbers_more')} answer=${answer} show=${(/** @type {any} */ known) => html`<${Numbers} numbers=${known.settings.numbers} unknown=${known.unknown} change=${change} />`} />
    <${Asked} title=${t('rules.retention')} more=${t('rules.retention_more')} answer=${answer} show=${(/** @type {any} */ known) => html`<${Retention} ...${known} change=${change} />`} />`;
}

async function read() {
  const [settings, { items: people }, { items: unnamed }] = await Promise.all([api.settings(), api.users(), api.unnamed()]);
  return { settings, people, unknown: unnamed.filter(({ kind }) => kind === 'number') };
}

/** @param {{settings: SettingsAnswer, people: User[], change: Change}} props */
function Automation({ settings, people, change }) {
  return html`<div class="settings-rows">
    ${SWITCHES.map((name) => html`<${Switch} key=${name} id=${`rule-${name}`} label=${t(`rules.${name}`)} more=${t(`rules.${name}_more`)} on=${settings[name]}
      onChange=${(/** @type {boolean} */ on) => change({ [name]: on })} />`)}
    ${PEOPLE.map((name) => html`<div class="pair" key=${name}><label for=${`rule-${name}`}>${t(`rules.${name}`)}</label>
      <select id=${`rule-${name}`} onChange=${(/** @type {any} */ event) => change({ [name]: event.currentTarget.value || null })}>
        <option value="" selected=${!settings[name]}>${t(`rules.${name}_none`)}</option>
        ${people.map((user) => html`<option key=${user.id} value=${user.id} selected=${settings[name]?.id === user.id}>${user.name || user.login}</option>`)}</select></div>`)}</div>`;
}

/** @param {{settings: SettingsAnswer, change: Change}} props */
function Retention({ settings, change }) {
  const save = (/** @type {typeof RETENTION[number]} */ name, /** @type {string} */ text) => change({ retention: { ...settings.retention, [name]: text.trim() === '' ? null : Number(text) } });
  return html`<div class="settings-rows">${RETENTION.map((name) => html`<div class="pair" key=${name}><label for=${`rule-${name}`}>${t(`rules.${name}`)}</label>
    <span class="pair-value"><input id=${`rule-${name}`} class="days" type="number" min="1" max="36500" inputmode="numeric" placeholder="∞" value=${settings.retention[name] ?? ''}
      onChange=${(/** @type {any} */ event) => save(name, event.currentTarget.value)} /> ${t('rules.days')}</span></div>`)}</div>`;
}
