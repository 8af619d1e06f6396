// @ts-check
/** How a task is said. */
import { t } from '../../../../core/i18n.js';

/** @typedef {import('../../../../core/types.js').Task} Task */

/** @param {Task} task */
export const isOpen = (task) => task.state === 'waiting' || task.state === 'running';

/** @param {Task} task */
export const stateOf = (task) => t(task.is_undoing && isOpen(task) ? 'import.state.undoing' : `import.state.${task.state}`);

/** @param {Task} task */
export const progressOf = (task) => t('import.progress', { done: task.done, total: task.total });
