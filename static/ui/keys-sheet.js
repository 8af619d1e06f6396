// @ts-check
import { useEffect, useRef } from '../vendor/hooks.mjs';
import { signal } from '../vendor/signals.mjs';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { bind, keys, shown } from '../core/keys.js';
import { shortcuts } from '../core/prefs.js';
import { Icon } from './icon.js';
import { Switch } from './switch.js';

/** Whether the sheet is open. */
export const sheet = signal(false);

/** `?` opens it on every page that shows one. */
export const bindSheetKey = () => bind([{ id: 'sheet', keys: ['?'], words: 'keys.title', group: 'keys.everywhere', offered: true, run: () => (sheet.value = true) }]);

/** All keys of the page in force, over it; Esc closes. */
export const KeysSheet = () => sheet.value && html`<${Sheet} />`;

/** The groups in which keys are listed, the section's own first. */
const GROUPS = ['keys.here', 'keys.card', 'keys.everywhere'];

function Sheet() {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  const close = () => (sheet.value = false);
  const outside = (/** @type {MouseEvent} */ { target }) => target === dialog.current && close();
  return html`<dialog class="keys" ref=${dialog} aria-labelledby="keys-title" onClose=${close} onClick=${outside}><div class="keys-sheet">
    <header class="keys-head"><h2 id="keys-title">${t('keys.title')}</h2>
      <button type="button" class="icon-button" onClick=${close} aria-label=${t('drawer.close')} title=${`${t('drawer.close')} (${shown('Escape')})`}><${Icon} name="x" /></button></header>
    <div class="keys-groups">${GROUPS.map((group) => html`<${Group} key=${group} group=${group} />`)}</div>
    <footer class="keys-foot"><${Switch} id="sheet-keys" label=${t('prefs.shortcuts')} more=${t('keys.off_more', { key: shown('Ctrl+k') })} on=${shortcuts.value} onChange=${(/** @type {boolean} */ on) => (shortcuts.value = on)} /></footer>
  </div></dialog>`;
}

/** @param {{group: string}} props */
function Group({ group }) {
  /** What does the same is one line. @type {Map<string, {keys: string[], isOff: boolean}>} */
  const lines = new Map();
  for (const key of keys.value.filter((one) => (one.group ?? 'keys.here') === group && one.keys.length > 0)) {
    const line = lines.get(key.words) ?? { keys: [], isOff: false };
    lines.set(key.words, { keys: [...new Set([...line.keys, ...key.keys])], isOff: !shortcuts.value && (!key.everywhere || key.id === 'alt-digit') });
  }
  if (lines.size === 0) return null;
  return html`<section aria-labelledby=${group}><h3 id=${group}>${t(group)}</h3>
    <dl>${[...lines].map(([words, line]) => html`<div key=${words} class=${`keys-line ${line.isOff ? 'off' : ''}`}><dt>${t(words)}</dt><dd><${Combinations} keys=${line.keys} /></dd></div>`)}</dl></section>`;
}

/** Digits in a row as the first and the last. @param {{keys: string[]}} props */
function Combinations({ keys: all }) {
  const isRow = all.length > 2 && all.every((one) => /\d$/.test(one));
  const some = isRow ? [all[0], all[all.length - 1]] : all;
  return some.map((one, index) => html`${index > 0 && html`<span class="muted">${isRow ? '…' : t('keys.or')}</span>`}<${Keys} keys=${one} />`);
}

/** What to press, as keys. @param {{keys: string}} props */
export const Keys = ({ keys: pressed }) => pressed.split(' ').map((one) => html`<kbd>${shown(one)}</kbd>`);
