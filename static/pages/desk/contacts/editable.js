// @ts-check
import { useLayoutEffect, useRef, useState } from '../../../vendor/hooks.mjs';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { focus } from '../../../ui/focus.js';
import { Icon } from '../../../ui/icon.js';

/**
 * A fact that is edited where it stands: a click opens it, Enter saves (a text of several lines: Ctrl+Enter), Esc takes back.
 * What somebody else writes there meanwhile is shown before it is overwritten.
 * @param {{
 *   id: string, label: string, value: string, most: number, face?: any, type?: string, lines?: boolean, placeholder?: string,
 *   onSave: (value: string, seen: string) => Promise<void>,
 * }} props face: what is shown in place of the value; onSave: refused, it throws; seen: what the person knows to stand there
 */
export function Editable({ id, label, value, most, face = null, type = 'text', lines = false, placeholder = '', onSave }) {
  const [typed, setTyped] = useState(/** @type {string|null} */ (null));
  const [seen, setSeen] = useState(value);
  const [error, setError] = useState('');
  const button = useRef(/** @type {HTMLButtonElement|null} */ (null));
  const wasOpen = useRef(false);
  // Before the next key is pressed, however soon.
  useLayoutEffect(() => {
    if (typed === null && wasOpen.current) button.current?.focus();
    wasOpen.current = typed !== null;
  }, [typed === null]);
  const open = () => {
    setTyped(value);
    setSeen(value);
    setError('');
  };
  const words = t('contacts.edit', { field: label, value: value || t('contact.empty') });
  if (typed === null && face) {
    return html`<div class="contact-name">${face}<button type="button" ref=${button} id=${id} class="icon-button small" aria-label=${words} title=${words} onClick=${open}><${Icon} name="pencil" /></button></div>`;
  }
  if (typed === null) {
    return html`<button type="button" ref=${button} id=${id} class=${`fact-value ${value ? '' : 'muted'}`} aria-label=${words} onClick=${open}>
      <span class=${lines ? 'pre' : ''} dir="auto">${value || t('contact.empty')}</span><${Icon} name="pencil" /></button>`;
  }
  const isStale = value !== seen;
  const save = async () => {
    if (typed.trim() === value) return setTyped(null);
    try {
      await onSave(typed, isStale ? value : seen);
      setTyped(null);
    } catch (refusal) {
      setError(explain(refusal));
      if (isStale) setSeen(value);
    }
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      setTyped(null);
    } else if (event.key === 'Enter' && (!lines || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  };
  const input = (/** @type {any} */ event) => setTyped(event.currentTarget.value);
  const leave = (/** @type {any} */ event) => {
    if (typed === value && !event.currentTarget.contains(event.relatedTarget)) setTyped(null);
  };
  return html`<form class="fact-form" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); save(); }} onKeyDown=${press} onFocusOut=${leave}>
    ${lines
    ? html`<textarea id=${id} ref=${focus} maxlength=${most} aria-label=${label} value=${typed} onInput=${input}></textarea>`
    : html`<input id=${id} ref=${focus} type=${type} maxlength=${most} autocomplete="off" aria-label=${label} placeholder=${placeholder} value=${typed} onInput=${input} />`}
    ${isStale && html`<p class="warn-text" role="alert">${t('contacts.changed_meanwhile', { value: value || t('contact.empty') })}</p>`}
    ${error && !isStale && html`<p class="error" role="alert">${error}</p>`}
    <div class="buttons"><button class="button small primary">${t(isStale ? 'contacts.save_mine' : 'client.save')}</button>
      <button type="button" class="button small" onClick=${() => setTyped(null)}>${t(isStale ? 'contacts.take_theirs' : 'contact.cancel')}</button></div>
  </form>`;
}
