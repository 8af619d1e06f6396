// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain, faultsOf } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { say } from '../../../ui/toast.js';
import { useAsked } from './asked.js';
import { HoursOrAlways } from './calendar.js';
import { Sites } from './sites.js';

await loadPart('hours');

/** @typedef {import('../../../core/types.js').SettingsAnswer} SettingsAnswer */
/** @typedef {Pick<SettingsAnswer, 'working_hours'|'sites'|'callback_min'|'vip_callback_min'|'short_miss_s'>} WorkingTime */

const MINUTES = /** @type {const} */ (['callback_min', 'vip_callback_min', 'short_miss_s']);
const MOST = { callback_min: 10_080, vip_callback_min: 10_080, short_miss_s: 600 };

/** When the business works, and how soon a missed client is called back then. */
export function Hours() {
  const [answer] = useAsked(api.settings);
  if (answer === undefined) return html`<section class="panel"><h2>${t('settings.hours')}</h2><${Skeleton} rows=${6} /></section>`;
  if (typeof answer === 'string') return html`<section class="panel"><p class="empty bad-text" role="alert">${answer}</p></section>`;
  return html`<${Form} settings=${answer} />`;
}

/** @param {{settings: SettingsAnswer}} props */
function Form({ settings }) {
  const [kept, setKept] = useState(timeOf(settings));
  const [draft, setDraft] = useState(kept);
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [error, setError] = useState('');
  const [turn, setTurn] = useState(0); // what is typed freely begins anew
  const change = (/** @type {Partial<WorkingTime>} */ news) => setDraft((before) => ({ ...before, ...news }));
  const save = async (/** @type {any} */ event) => {
    event.preventDefault();
    try {
      const saved = timeOf(await api.changeSettings(draft));
      setKept(saved);
      setDraft(saved);
      setTurn(turn + 1);
      setFaults({});
      setError('');
      say({ text: t('settings.saved') });
    } catch (refusal) {
      const found = faultsOf(refusal);
      setFaults(found);
      setError(Object.keys(found).length ? t('hours.refused') : explain(refusal));
    }
  };
  const revert = () => {
    setDraft(kept);
    setTurn(turn + 1);
    setFaults({});
    setError('');
  };
  const fault = (/** @type {string} */ field) => faults[field] ?? '';
  const isChanged = draft !== kept && JSON.stringify(draft) !== JSON.stringify(kept);
  return html`<form class="settings-part" onSubmit=${save}>
    <section class="panel"><h2>${t('settings.hours')}</h2><p class="panel-more hint">${t('hours.more')}</p>
      <${HoursOrAlways} id="hours" path="working_hours" words="hours.known" value=${draft.working_hours} fault=${fault}
        onChange=${(/** @type {import('../../../core/types.js').WorkingHours|null} */ working_hours) => change({ working_hours })} /></section>
    <section class="panel"><h2>${t('hours.callback')}</h2><p class="panel-more hint">${t('hours.callback_more')}</p>
      <div class="settings-rows">${MINUTES.map((name) => html`<div key=${name}><div class="pair"><label for=${`hours-${name}`}>${t(`hours.${name}`)}</label>
        <span class="pair-value"><input id=${`hours-${name}`} class="days" type="number" required min=${name === 'short_miss_s' ? 0 : 1} max=${MOST[name]} inputmode="numeric" value=${draft[name]}
          onInput=${(/** @type {any} */ event) => change({ [name]: event.currentTarget.valueAsNumber })} /> ${t(name === 'short_miss_s' ? 'hours.seconds' : 'hours.minutes')}</span></div>
        ${fault(name) && html`<p class="bad-text" role="alert">${fault(name)}</p>`}</div>`)}</div></section>
    <section class="panel"><h2>${t('hours.sites')}</h2><p class="panel-more hint">${t('hours.sites_more')}</p>
      <${Sites} key=${turn} sites=${draft.sites} common=${draft.working_hours} faults=${faults} onChange=${(/** @type {import('../../../core/types.js').Site[]} */ sites) => change({ sites })} /></section>
    ${isChanged && html`<div class="save-bar"><button class="button primary">${t('settings.save')}</button><button type="button" class="button" onClick=${revert}>${t('hours.revert')}</button>
      <div role="alert">${error && html`<p class="bad-text">${error}</p>`}</div></div>`}</form>`;
}

/** @param {SettingsAnswer} settings @returns {WorkingTime} */
const timeOf = ({ working_hours, sites, callback_min, vip_callback_min, short_miss_s }) => ({ working_hours, sites, callback_min, vip_callback_min, short_miss_s });
