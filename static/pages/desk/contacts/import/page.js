// @ts-check
import { useEffect, useState } from '../../../../vendor/hooks.mjs';
import * as api from '../../../../core/api.js';
import { explain } from '../../../../core/errors.js';
import { html } from '../../../../core/html.js';
import { loadPart, t } from '../../../../core/i18n.js';
import { go, route } from '../../../../core/router.js';
import { loadStyle } from '../../../../core/styles.js';
import { on } from '../../../../live/topics.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { Choose } from './choose.js';
import { Mapping } from './mapping.js';
import { Progress } from './progress.js';

await Promise.all([loadPart('import'), loadPart('refusals'), loadStyle('import')]);

/** @typedef {import('../../../../core/types.js').Import} Import */
/** @typedef {import('../../../../core/types.js').Task} Task */

/** Where this file is looked at. @param {string} id */
export const addressOf = (id) => `/contacts/import?file=${encodeURIComponent(id)}`;

/** @param {Import} file */
const show = (file) => go(addressOf(file.id));

/** Clients come in as a file: chosen, looked at, taken in. What the address names is there after a reload. */
export function ImportPage() {
  const id = route.value.query.get('file');
  return html`<div class="view import-view"><p><a href="/contacts">${t('contacts.back')}</a></p><div class="view-head"><h1>${t('import.title')}</h1>
      ${id && html`<a class="button" href="/contacts/import">${t('import.another')}</a>`}</div>
    ${id ? html`<${File} key=${id} id=${id} />` : html`<${Choose} onTaken=${show} />`}</div>`;
}

/** A file that has come in: what would come of it, or how far it is. @param {{id: string}} props */
function File({ id }) {
  const [file, setFile] = useState(/** @type {Import|null} */ (null));
  const [task, setTask] = useState(/** @type {Task|null|undefined} */ (undefined));
  const [error, setError] = useState('');
  const hear = (/** @type {Task} */ told) => told.id === id && setTask(told);
  const read = async () => {
    try {
      setFile(await api.importFile(id));
      setTask(await api.task(id).catch(absent));
    } catch (refusal) {
      setError(explain(refusal));
    }
  };
  useEffect(() => {
    read();
    const ways = [on('task', hear), on('snapshot', read)];
    return () => ways.forEach((stop) => stop());
  }, []);
  if (error) return html`<section class="panel"><p class="empty bad-text" role="alert">${error}</p></section>`;
  if (!file || task === undefined) return html`<section class="panel"><${Skeleton} rows=${4} /></section>`;
  return task ? html`<${Progress} file=${file} task=${task} onTask=${setTask} />` : html`<${Mapping} file=${file} onTask=${setTask} onTaken=${show} />`;
}

/** A file of which nothing was made has no task. @param {unknown} refusal */
function absent(refusal) {
  if (refusal instanceof api.Refusal && refusal.code === 'not_found') return null;
  throw refusal;
}
