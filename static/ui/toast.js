// @ts-check
import { signal } from '../vendor/signals.mjs';
import { explain } from '../core/errors.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from './icon.js';

/** @typedef {{text: string, undo?: () => void, label?: string, bad?: boolean}} Toast */

/** @type {{value: Toast|null}} */
const toast = signal(null);
let timer = 0;

/** One short message at a time; with `undo` a button. @param {Toast} message */
export function say(message) {
  toast.value = message;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.value = null), 8000);
}

/** Runs it and says why when it fails. @param {() => Promise<unknown>} work */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (failure) {
    say({ text: explain(failure), bad: true });
    return false;
  }
}

const close = () => (toast.value = null);

/** Whether what is shown can be taken back. */
export const canUndo = () => toast.value?.undo !== undefined;

/** Takes back what is shown. */
export function undo() {
  toast.value?.undo?.();
  close();
}

export function Toasts() {
  const shown = toast.value;
  return html`<div class="toasts" role="status">
    ${shown && html`<div class=${`toast ${shown.bad ? 'bad' : ''}`}>
      <p>${shown.text}</p>
      ${shown.undo && html`<button type="button" class="button small" onClick=${undo}>${shown.label}</button>`}
      <button type="button" class="icon-button small" onClick=${close} aria-label=${t('error.close')}><${Icon} name="x" /></button>
    </div>`}
  </div>`;
}
