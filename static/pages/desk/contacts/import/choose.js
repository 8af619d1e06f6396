// @ts-check
import { useEffect, useState } from '../../../../vendor/hooks.mjs';
import * as api from '../../../../core/api.js';
import { explain } from '../../../../core/errors.js';
import { formatWhen } from '../../../../core/format.js';
import { html } from '../../../../core/html.js';
import { t } from '../../../../core/i18n.js';
import { on } from '../../../../live/topics.js';
import { Icon } from '../../../../ui/icon.js';
import { handIn } from './sheets.js';
import { progressOf, stateOf } from './state.js';

/** @typedef {import('../../../../core/types.js').Import} Import */
/** @typedef {import('../../../../core/types.js').Task} Task */

/** A file is dropped or chosen. @param {{onTaken: (file: Import) => void}} props */
export function Choose({ onTaken }) {
  const [isBusy, setBusy] = useState(false);
  const [isOver, setOver] = useState(false);
  const [error, setError] = useState('');
  const take = async (/** @type {File|undefined} */ file) => {
    if (!file) return;
    setBusy(true);
    setError('');
    try {
      onTaken(await handIn(file));
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  const over = (/** @type {boolean} */ is) => (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(is);
  };
  const drop = (/** @type {DragEvent} */ event) => {
    over(false)(event);
    take(event.dataTransfer?.files[0]);
  };
  return html`<section class="panel import-drop ${isOver ? 'over' : ''}" onDragOver=${over(true)} onDragLeave=${over(false)} onDrop=${drop} aria-busy=${isBusy}>
      <span class="row-icon"><${Icon} name="upload" /></span>
      <p><strong>${isBusy ? t('import.reading') : t('import.drop')}</strong></p>
      <label class="button primary"><input type="file" accept=".xlsx,.csv,.txt,.tsv,.vcf" disabled=${isBusy} onChange=${(/** @type {any} */ event) => take(event.currentTarget.files[0])} />${t('import.choose')}</label>
      <p class="hint">${t('import.kinds')}</p>${error && html`<p class="error" role="alert">${error}</p>`}</section>
    <${Past} />`;
}

/** What was taken in before. */
function Past() {
  const [tasks, setTasks] = useState(/** @type {Task[]|null} */ (null));
  const read = () => api.tasks().then(({ items }) => setTasks(items.filter(({ kind }) => kind === 'import')), () => setTasks([]));
  useEffect(() => {
    read();
    const ways = [on('task', read), on('snapshot', read)];
    return () => ways.forEach((stop) => stop());
  }, []);
  if (tasks === null) return null;
  return html`<section class="panel"><h2>${t('import.past')}</h2>${tasks.length === 0
    ? html`<p class="empty">${t('import.past_none')}</p>`
    : html`<ul class="rows">${tasks.map((task) => html`<li class="row" key=${task.id}><div class="row-main">
        <p class="row-title"><a href=${`/contacts/import?file=${encodeURIComponent(task.id)}`}>${formatWhen(task.made_at)}</a></p>
        <p class="row-more"><span>${stateOf(task)}</span><span>${progressOf(task)}</span>${task.by && html`<span>${task.by.name}</span>`}</p></div></li>`)}</ul>`}</section>`;
}
