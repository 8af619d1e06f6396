// @ts-check
import { useRef, useState } from '../vendor/hooks.mjs';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from './icon.js';

/**
 * Copies, also where the clipboard API is missing (plain http): through a hidden field and the old command.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByField(text);
  }
}

/** @param {string} text */
function copyByField(text) {
  const focused = /** @type {HTMLElement|null} */ (document.activeElement);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'out-of-sight';
  field.setAttribute('aria-hidden', 'true');
  document.body.append(field);
  field.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } finally {
    field.remove();
    focused?.focus();
  }
  return done;
}

/** A small button beside a value. @param {{text: string, label: string, wide?: boolean}} props */
export function CopyButton({ text, label, wide = false }) {
  const [done, setDone] = useState(false);
  const timer = useRef(0);
  const copy = async () => {
    if (!(await copyText(text))) return;
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 1600);
  };
  return html`<button type="button" class=${wide ? 'button' : 'icon-button small'} onClick=${copy} aria-label=${done ? t('copy.done') : label} title=${done ? t('copy.done') : label}>
    <${Icon} name=${done ? 'check' : 'copy'} />${wide && html`<span>${done ? t('copy.done') : t('copy.do')}</span>`}
  </button>`;
}
