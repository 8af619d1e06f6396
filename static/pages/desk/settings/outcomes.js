// @ts-check
import { useRef, useState } from '../../../vendor/hooks.mjs';
import { loadSettings } from '../../../card/settings.js';
import * as api from '../../../core/api.js';
import { explain, faultsOf } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { say } from '../../../ui/toast.js';
import { Asked, useAsked } from './asked.js';
import { OutcomeRow } from './outcome-row.js';

/** @typedef {import('../../../core/types.js').Outcome} Outcome */

const MOST = 9;

/** What may be said of a call, in the owner's words and order. Each change is saved at once; calls keep what was said of them. */
export function Outcomes() {
  const [answer] = useAsked(api.settings);
  return html`<${Asked} title=${t('settings.outcomes')} more=${t('outcomes.more')} answer=${answer}
    show=${(/** @type {import('../../../core/types.js').SettingsAnswer} */ settings) => html`<${Editor} known=${settings.outcomes} />`} />`;
}

/** @param {{known: Outcome[]}} props */
function Editor({ known }) {
  const [all, setAll] = useState(known);
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const turn = useRef(0);
  /** Of several changes the last one's answer counts. @param {Outcome[]} next */
  const save = async (next) => {
    const mine = (turn.current += 1);
    setAll(next);
    try {
      const { outcomes } = await api.changeSettings({ outcomes: next });
      if (mine !== turn.current) return true;
      setAll(outcomes);
      setFaults({});
      say({ text: t('settings.saved') });
      await loadSettings();
      return true;
    } catch (refusal) {
      const found = faultsOf(refusal);
      setFaults(found);
      if (Object.keys(found).length === 0) say({ text: explain(refusal), bad: true });
      return false;
    }
  };
  const change = (/** @type {string} */ id, /** @type {Partial<Outcome>} */ news) => save(all.map((one) => (one.id === id ? { ...one, ...news } : one)));
  const inUse = all.filter((one) => !one.is_archived);
  const archived = all.filter((one) => one.is_archived);
  const move = (/** @type {number} */ from, /** @type {number} */ to) => {
    const order = [...inUse];
    order.splice(to, 0, ...order.splice(from, 1));
    return save([...order, ...archived]);
  };
  const faultOf = (/** @type {Outcome} */ one) => ['name', 'applies'].map((member) => faults[`outcomes[${all.indexOf(one)}].${member}`]).filter(Boolean).join('; ');
  const add = async (/** @type {any} */ event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim();
    const former = archived.find((one) => one.name === name);
    /** @type {Outcome} */
    const fresh = { id: '', name, applies: ['in', 'out', 'missed'], asks: 'none', is_archived: false };
    const next = former ? [...inUse, { ...former, is_archived: false }, ...archived.filter((one) => one !== former)] : [...inUse, fresh, ...archived];
    if (await save(next)) form.reset();
    else setAll(all);
  };
  const ofFresh = faults[`outcomes[${inUse.length}].name`] ?? faults.outcomes;
  return html`<ol class="rows">${inUse.map((one, index) => html`<${OutcomeRow} key=${one.id} outcome=${one} fault=${faultOf(one)} isFirst=${index === 0} isLast=${index === inUse.length - 1}
      onChange=${(/** @type {Partial<Outcome>} */ news) => change(one.id, news)} onMove=${(/** @type {number} */ by) => move(index, index + by)} />`)}</ol>
    ${inUse.length < MOST ? html`<form class="panel-foot name-row" onSubmit=${add}>
        <input name="name" required maxlength="50" aria-label=${t('outcomes.new')} placeholder=${t('outcomes.new')} autocomplete="off" aria-invalid=${Boolean(ofFresh)} />
        <button class="button">${t('outcomes.add')}</button>
        ${ofFresh && html`<p class="bad-text" role="alert">${ofFresh}</p>`}</form>`
      : html`<p class="panel-foot hint">${t('outcomes.full', { most: MOST })}</p>`}
    ${archived.length > 0 && html`<h3 class="panel-part">${t('outcomes.archived')}</h3><ul class="rows">${archived.map((one) => html`<li class="row" key=${one.id}>
      <div class="row-main"><p class="row-title muted" dir="auto">${one.name}</p></div>
      <button type="button" class="button small" disabled=${inUse.length >= MOST} aria-label=${t('outcomes.restore_one', { name: one.name })} onClick=${() => change(one.id, { is_archived: false })}>${t('outcomes.restore')}</button></li>`)}</ul>`}`;
}
