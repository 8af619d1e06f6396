// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import { html } from '../core/html.js';

const PAUSE_MS = 250;

/** A search box that says what was typed once the person pauses. @param {{q: string, label: string, onSearch: (q: string) => void}} props */
export function Search({ q, label, onSearch }) {
  const [text, setText] = useState(q);
  useEffect(() => {
    if (text.trim() === q) return undefined;
    const timer = setTimeout(() => onSearch(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => setText((typed) => (typed.trim() === q ? typed : q)), [q]);
  return html`<input class="view-search" type="search" autocomplete="off" maxlength="100" aria-label=${label} placeholder=${label}
    value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />`;
}
