// @ts-check
import { useEffect, useRef, useState } from '../../../vendor/hooks.mjs';
import { signal } from '../../../vendor/signals.mjs';
import { hasLine } from '../../../card/call-button.js';
import { formatTyped, typedAs } from '../../../card/dialled.js';
import { useFound } from '../../../card/found.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { shown } from '../../../core/keys.js';
import { Icon } from '../../../ui/icon.js';
import { Keys } from '../../../ui/keys-sheet.js';

/** @typedef {import('./options.js').Option} Option */

const BOX = 'palette-box';

/** What can be offered: loaded when the box is first entered. @type {{value: typeof import('./options.js')|null}} */
const offers = signal(null);
const loadOffers = async () => (offers.value = await import('./options.js'));

/** Into the palette, with what stands there chosen. */
export function openPalette() {
  const box = /** @type {HTMLInputElement|null} */ (document.getElementById(BOX));
  box?.focus();
  box?.select();
}

const main = () => /** @type {HTMLElement|null} */ (document.querySelector('.desk-main'));

/** One box that finds and does anything: it opens under the bar, and never lies over a card that rings. */
export function Palette() {
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState('');
  /** Enter came before the answer. */
  const [isWanted, setWanted] = useState(false);
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const before = useRef(/** @type {HTMLElement|null} */ (null));
  const { found, isAsking, refused } = useFound(isOpen ? text : '');
  const offered = offers.value;
  const options = isOpen && offered ? offered.optionsFor(text, isAsking ? null : found) : [];
  const active = options.find(({ id }) => id === chosen) ?? offered?.usual(options, text);

  const leave = () => {
    setOpen(false);
    setText('');
    setChosen('');
    (before.current?.isConnected ? before.current : main())?.focus({ preventScroll: true });
  };
  const run = (/** @type {Option} */ option) => {
    if (!option.stays) before.current = main();
    leave();
    option.run();
  };
  // What stands first while people are looked for may stand below them.
  const isSettled = (!isAsking && offered !== null) || chosen !== '' || active?.group === 'ringing' || active?.group === 'recent' || active?.group === 'numbers';
  useEffect(() => {
    if (isOpen && !offered) loadOffers().catch(() => setOpen(false));
  }, [isOpen]);
  useEffect(() => {
    if (!isWanted || !isSettled) return;
    setWanted(false);
    if (active) run(active);
  }, [isWanted, isSettled]);
  useEffect(() => {
    if (active) document.getElementById(`option-${active.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [active?.id, isOpen]);

  const press = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (step && isOpen) setChosen(options.at((options.findIndex((one) => one === active) + step) % options.length)?.id ?? '');
    else if (step) setOpen(true);
    else if (event.key === 'Enter') setWanted(isOpen);
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  };
  const type = (/** @type {any} */ event) => {
    setText(event.currentTarget.value);
    setChosen('');
    setWanted(false);
    setOpen(true);
  };
  const enter = (/** @type {FocusEvent} */ event) => {
    if (event.relatedTarget instanceof HTMLElement && !box.current?.contains(event.relatedTarget)) before.current = event.relatedTarget;
    setOpen(true);
  };
  const away = (/** @type {FocusEvent} */ event) => {
    if (!box.current?.contains(/** @type {Node|null} */ (event.relatedTarget))) setOpen(false);
  };
  return html`<div class="palette" role="search" ref=${box} onFocusOut=${away}>
    <${Icon} name="search" />
    <input id=${BOX} type="text" role="combobox" autocomplete="off" spellcheck="false" maxlength="64" aria-label=${t('palette.label')} placeholder=${t('palette.placeholder')}
      aria-expanded=${options.length > 0} aria-controls=${options.length > 0 ? 'palette-options' : undefined} aria-autocomplete="list" aria-haspopup="listbox"
      aria-activedescendant=${active ? `option-${active.id}` : undefined} aria-describedby="palette-said"
      value=${text} onInput=${type} onKeyDown=${press} onFocus=${enter} onClick=${() => setOpen(true)} />
    <kbd class="palette-key" aria-hidden="true">${shown('Ctrl+k')}</kbd>
    <div class="palette-box" hidden=${!isOpen} onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()}>
      ${options.length > 0 && html`<${Options} options=${options} active=${active} run=${run} point=${setChosen} />`}
      <p id="palette-said" class="palette-said hint" role="status">${isOpen && (refused || sentence(text, isAsking, options.length))}</p>
      <p class="palette-help hint" aria-hidden="true"><span><kbd>↑</kbd><kbd>↓</kbd> ${t('palette.choose')}</span><span><kbd>Enter</kbd> ${t('palette.do')}</span><span><kbd>Esc</kbd> ${t('palette.leave')}</span></p>
    </div>
  </div>`;
}

/** What is wrong with a number that was typed, or whether anything was found. @param {string} text @param {boolean} isAsking @param {number} count */
function sentence(text, isAsking, count) {
  const typed = typedAs(text);
  if (typed === 'number' && !hasLine()) return t('dial.no_line');
  if (typed === 'short' || typed === 'no_code' || typed === 'long') return t(`dial.${typed}`, { phone: formatTyped(text) });
  if (isAsking) return t('dial.searching');
  if (typed === 'empty') return '';
  return count > 0 ? t('palette.found', { n: count }) : t('palette.nothing');
}

/** @param {{options: Option[], active: Option|undefined, run: (option: Option) => void, point: (id: string) => void}} props */
function Options({ options, active, run, point }) {
  const groups = [...new Set(options.map(({ group }) => group))];
  return html`<div id="palette-options" class="palette-options" role="listbox" aria-label=${t('palette.options')}>${groups.map((group) => html`<div key=${group} role="group" aria-labelledby=${`palette-${group}`}>
    <p id=${`palette-${group}`} class="palette-group" role="presentation">${t(`palette.${group}`)}</p>
    ${options.filter((one) => one.group === group).map((option) => html`<div key=${option.id} id=${`option-${option.id}`} role="option" class="palette-option" aria-selected=${option === active}
      onClick=${() => run(option)} onMouseMove=${() => option !== active && point(option.id)}>
      <span class=${option.tone ? `${option.tone}-text` : 'muted'}><${Icon} name=${option.icon} /></span>
      <span class=${`palette-title ${option.isNumber ? 'figures' : ''}`} dir="auto">${option.title}</span>
      ${option.more && html`<span class="palette-more muted" dir="auto">${option.more}</span>`}
      ${option.keys && html`<span class="palette-keys" aria-hidden="true"><${Keys} keys=${option.keys} /></span>`}
    </div>`)}</div>`)}</div>`;
}
