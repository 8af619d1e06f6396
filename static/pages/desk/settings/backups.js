// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { formatExact, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { loadPart, locale, t } from '../../../core/i18n.js';
import { on } from '../../../live/topics.js';
import { Icon } from '../../../ui/icon.js';
import { attempt } from '../../../ui/toast.js';
import { Asked, useAsked } from './asked.js';

await loadPart('security');

/** @typedef {import('../../../core/types.js').Backups} Kept */
/** @typedef {import('../../../core/types.js').Task} Task */

/** @param {Task|undefined} task */
const isOpen = (task) => task?.state === 'waiting' || task?.state === 'running';

/** The copies that are kept, when the next is made, and one at once. */
export function Backups() {
  const [answer, again] = useAsked(api.backups);
  const [task, setTask] = useState(/** @type {Task|undefined} */ (undefined));
  const hear = (/** @type {Task} */ told) => {
    if (told.kind !== 'backup') return;
    setTask(told);
    if (!isOpen(told)) void again();
  };
  const read = () => api.tasks().then(({ items }) => setTask(items.find((one) => one.kind === 'backup' && isOpen(one))), () => {});
  useEffect(() => {
    void read();
    const ways = [on('task', hear), on('snapshot', () => void read().then(again))];
    return () => ways.forEach((leave) => leave());
  }, []);
  const make = () => attempt(async () => hear(await api.makeBackup()));
  const known = typeof answer === 'object' ? answer : null;
  const canMake = known !== null && known.folder !== null && known.is_possible;
  const foot = canMake && html`<div class="panel-foot buttons"><button type="button" class="button" disabled=${isOpen(task)} onClick=${make}>${t('backups.make')}</button>
    <span role="status" class=${task?.state === 'failed' ? 'bad-text' : 'muted'}>${task && t(`backups.${task.state}`)}</span></div>`;
  return html`<${Asked} title=${t('settings.backups')} more=${t('backups.more')} answer=${answer} foot=${foot} show=${show} />`;
}

/** `3.4 MB`. @param {number} bytes */
const sizeOf = (bytes) => new Intl.NumberFormat(locale.value, { style: 'unit', unit: 'megabyte', maximumFractionDigits: bytes < 1e7 ? 1 : 0 }).format(bytes / 1e6);

/** @param {Kept} kept */
function show({ folder, is_possible: isPossible, keep, next_at: next, items }) {
  if (!isPossible) return html`<p class="empty">${t('backups.postgres')}</p>`;
  if (folder === null) return html`<p class="empty">${t('backups.off')}</p>`;
  const times = next && t('backups.next', { when: formatWhen(next) });
  return html`<p class="panel-more hint"><span>${t('backups.kept', { n: keep })}</span> <span>${times}</span> <span dir="auto">${t('backups.folder', { folder })}</span></p>
    ${items.length === 0 ? html`<p class="empty">${t('backups.none')}</p>`
      : html`<ul class="rows">${items.map(({ name, made_at: made, size_bytes: size }) => html`<li class="row" key=${name}><span class="row-icon"><${Icon} name="copy" /></span>
        <div class="row-main"><p class="row-title"><time datetime=${made} title=${formatExact(made)}>${formatWhen(made)}</time></p>
          <p class="row-more muted"><span class="figures">${sizeOf(size)}</span><span dir="auto">${name}</span></p></div></li>`)}</ul>`}`;
}
