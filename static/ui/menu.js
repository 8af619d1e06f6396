// @ts-check
import { useEffect, useRef, useState } from '../vendor/hooks.mjs';
import { html } from '../core/html.js';

/**
 * A button that opens a box below it; Esc, and a press elsewhere, close it.
 * @param {{label: string, name?: string, look?: string, face: any, children: any}} props name: empty where the face has words of its own
 */
export function Menu({ label, name = label, look = 'icon-button', face, children }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (!open) return undefined;
    const outside = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    const escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      box.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return html`<div class="menu" ref=${box}>
    <button type="button" class=${look} aria-expanded=${open} aria-label=${name || undefined} title=${label} onClick=${() => setOpen(!open)}>${face}</button>
    ${open && html`<div class="popover" role="group" aria-label=${label}>${children}</div>`}
  </div>`;
}
