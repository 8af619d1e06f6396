// @ts-check
import { useEffect, useState } from '../../../../vendor/hooks.mjs';
import * as api from '../../../../core/api.js';
import { explain } from '../../../../core/errors.js';
import { html } from '../../../../core/html.js';
import { t } from '../../../../core/i18n.js';
import { Result } from './result.js';
import { Sheets } from './sheets.js';

/** @typedef {import('../../../../core/types.js').Import} Import */
/** @typedef {import('../../../../core/types.js').ImportField} ImportField */
/** @typedef {import('../../../../core/types.js').ImportPlan} ImportPlan */
/** @typedef {import('../../../../core/types.js').Tally} Tally */
/** @typedef {import('../../../../core/types.js').Task} Task */

/** @type {ImportField[]} */
const FIELDS = ['name', 'last_name', 'first_name', 'middle_name', 'company', 'phones', 'phone_label', 'email', 'note', 'tags', 'kind', 'responsible', 'vip', 'alert'];
/** @type {ImportPlan['match'][]} */
const MATCHES = ['number', 'email', 'none'];
/** @type {ImportPlan['on_match'][]} */
const ON_MATCH = ['add', 'replace', 'skip', 'new'];

/** What each column holds and what is done with whom we know; then what would come of it. @param {{file: Import, onTask: (task: Task) => void, onTaken: (file: Import) => void}} props */
export function Mapping({ file, onTask, onTaken }) {
  const [plan, setPlan] = useState(/** @type {ImportPlan} */ ({ columns: file.columns.map(({ field }) => field), match: 'number', on_match: 'add', people: {} }));
  const [counted, setCounted] = useState(/** @type {Tally|null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const change = (/** @type {Partial<ImportPlan>} */ changes) => {
    setPlan({ ...plan, ...changes });
    setCounted(null);
  };
  /** @param {() => Promise<void>} work */
  const attempt = async (work) => {
    setBusy(true);
    setError('');
    try {
      await work();
    } catch (refusal) {
      setError(explain(refusal));
    }
    setBusy(false);
  };
  const check = () => attempt(async () => setCounted(await api.checkImport(file.id, plan)));
  const run = () => attempt(async () => onTask(await api.runImport(file.id, plan)));
  const name = (/** @type {number} */ at) => file.columns[at].name || t('import.column', { n: at + 1 });
  const is = (/** @type {number} */ at) => (/** @type {any} */ event) => change({ columns: plan.columns.with(at, event.currentTarget.value || null) });
  const coming = counted ? counted.made + counted.changed : 0;
  return html`<section class="panel"><h2>${file.name || t('import.columns')}</h2>
      <p class="panel-more hint">${t('import.file', { n: file.rows, encoding: file.encoding || t('import.sheet', { name: file.sheet }) })}. ${t('import.columns_more')}</p><${Sheets} file=${file} onTaken=${onTaken} />
      <ul class="rows import-columns">${file.columns.map((column, at) => html`<li class="row" key=${at}>
        <div class="row-main"><p class="row-title" dir="auto">${name(at)}</p><p class="row-more" dir="auto">${column.samples.join(' · ') || t('import.empty_column')}</p></div>
        <select aria-label=${t('import.column_is', { name: name(at) })} value=${plan.columns[at] ?? ''} onChange=${is(at)}>
          <option value="">${t('import.leave_out')}</option>${FIELDS.map((field) => html`<option key=${field} value=${field}>${t(`import.field.${field}`)}</option>`)}</select></li>`)}</ul></section>
    <section class="panel"><h2>${t('import.known')}</h2><div class="import-known">
      <div class="field"><label for="import-match">${t('import.match')}</label><select id="import-match" value=${plan.match} onChange=${(/** @type {any} */ event) => change({ match: event.currentTarget.value })}>
        ${MATCHES.map((one) => html`<option key=${one} value=${one}>${t(`import.match.${one}`)}</option>`)}</select></div>
      ${plan.match !== 'none' && html`<div class="field"><label for="import-on-match">${t('import.on_match')}</label><select id="import-on-match" value=${plan.on_match} onChange=${(/** @type {any} */ event) => change({ on_match: event.currentTarget.value })}>
        ${ON_MATCH.map((one) => html`<option key=${one} value=${one}>${t(`import.on_match.${one}`)}</option>`)}</select></div>`}</div>
      ${counted === null && html`<div class="panel-foot buttons"><button type="button" class="button primary" disabled=${isBusy} onClick=${check}>${t(isBusy ? 'import.checking' : 'import.check')}</button>
        ${error && html`<p class="error" role="alert">${error}</p>`}</div>`}</section>
    ${counted && html`<section class="panel"><h2>${t('import.would')}</h2><${Result} tally=${counted} />
      <${People} tally=${counted} plan=${plan} onPeople=${(/** @type {ImportPlan['people']} */ people) => setPlan({ ...plan, people })} />
      <div class="panel-foot buttons">${coming > 0
        ? html`<button type="button" class="button primary" disabled=${isBusy} onClick=${run}>${t('import.run', { n: coming })}</button>`
        : html`<p>${t('import.nothing')}</p>`}
        ${error && html`<p class="error" role="alert">${error}</p>`}</div></section>`}`;
}

/** Whom the file names and nobody here is called. @param {{tally: Tally, plan: ImportPlan, onPeople: (people: ImportPlan['people']) => void}} props */
function People({ tally, plan, onPeople }) {
  const [users, setUsers] = useState(/** @type {import('../../../../core/types.js').Person[]} */ ([]));
  const names = Object.keys(tally.people);
  useEffect(() => {
    if (names.length > 0) api.users().then(({ items }) => setUsers(items), () => {});
  }, []);
  if (names.length === 0) return null;
  const people = /** @type {Record<string, string>} */ (plan.people);
  return html`<h3 class="import-people">${t('import.people')}</h3><p class="panel-more hint">${t('import.people_more')}</p>
    <ul class="rows import-columns">${names.map((name) => html`<li class="row" key=${name}><div class="row-main"><p class="row-title" dir="auto">${name}</p></div>
      <select aria-label=${name} value=${people[name] ?? ''} onChange=${(/** @type {any} */ event) => onPeople({ ...people, [name]: event.currentTarget.value })}>
        <option value="">${t('import.nobody')}</option>${users.map((user) => html`<option key=${user.id} value=${user.id}>${user.name}</option>`)}</select></li>`)}</ul>`;
}
