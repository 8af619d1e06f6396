// @ts-check
import { useState } from '../../../../vendor/hooks.mjs';
import * as api from '../../../../core/api.js';
import { formatWhen } from '../../../../core/format.js';
import { html } from '../../../../core/html.js';
import { has, t } from '../../../../core/i18n.js';
import { Icon } from '../../../../ui/icon.js';
import { attempt } from '../../../../ui/toast.js';
import { Result } from './result.js';
import { isOpen, progressOf, stateOf } from './state.js';

/** @typedef {import('../../../../core/types.js').Import} Import */
/** @typedef {import('../../../../core/types.js').Task} Task */

/** What was not taken, as a file of the same columns: a workbook again, if it was one. @param {Import} file */
const problemsOf = (file) => `/api/contacts/import/${encodeURIComponent(file.id)}/problems?format=${file.format === 'xlsx' ? 'xlsx' : 'csv'}&lang=${document.documentElement.lang}`;

/** Why it has failed: what is known of it, else in general. @param {{code: string, params: any}} why */
function causeOf({ code, params }) {
  if (has(`import.cause.${code}`)) return t(`import.cause.${code}`, params);
  return has(`error.${code}`) ? t(`error.${code}`, params) : t('error.internal');
}

/** How far a file is, what came of it so far, and what can be done about it. @param {{file: Import, task: Task, onTask: (task: Task) => void}} props */
export function Progress({ file, task, onTask }) {
  const [isBusy, setBusy] = useState(false);
  const act = (/** @type {(id: string) => Promise<Task>} */ ask) => async () => {
    setBusy(true);
    await attempt(async () => onTask(await ask(task.id)));
    setBusy(false);
  };
  const { undone } = task.result;
  const isStopped = task.state === 'failed' || task.state === 'cancelled';
  return html`<section class="panel"><h2>${file.name || t('import.title')}</h2>
    <div class="import-progress"><p role="status"><strong>${stateOf(task)}</strong> <span class="figures muted">${progressOf(task)}</span></p>
      <progress max=${task.total} value=${task.done} aria-label=${stateOf(task)}></progress>
      ${task.error && html`<p class="error" role="alert">${t('import.stopped_at', { row: task.done + 1 })} ${causeOf(task.error)}</p>`}
      ${task.state === 'undone' && html`<p>${t('import.undone', undone)}</p>`}
      ${task.undo_until && html`<p class="hint">${t('import.undo_until', { when: formatWhen(task.undo_until) })}</p>`}</div>
    <${Result} tally=${task.result} />
    <div class="panel-foot buttons">
      ${isOpen(task) && html`<button type="button" class="button" disabled=${isBusy} onClick=${act(api.cancelTask)}>${t('import.cancel')}</button>`}
      ${task.result.refused > 0 && html`<a class="button" href=${problemsOf(file)} download><${Icon} name="download" />${t('import.problems')}</a>`}
      ${task.state === 'done' && html`<a class="button primary" href="/contacts">${t('import.show')}</a>`}
      ${isStopped && html`<button type="button" class="button primary" disabled=${isBusy} onClick=${act(api.retryTask)}>${t('import.retry')}</button>`}
      ${task.undo_until && html`<button type="button" class="button" disabled=${isBusy} onClick=${act(api.undoTask)}>${t('import.undo')}</button>`}</div></section>`;
}
