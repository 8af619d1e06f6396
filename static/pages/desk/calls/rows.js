// @ts-check
import { useEffect, useLayoutEffect, useRef, useState } from '../../../vendor/hooks.mjs';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { attempt } from '../../../ui/toast.js';
import { size } from '../size.js';
import { Row } from './row.js';

/** Rows kept ready above and below what is seen; and in what steps the window moves. */
const SPARE = 20;
const STEP = 10;
/** The bar above; and as much below. */
const EDGE_PX = 64;

const rowHeight = () => (size.value === 'phone' ? 56 : 36);

/**
 * Only what is seen stands in the page, however long the list. Rows lie by `translate`: what comes on top moves nothing that
 * a browser would lay out anew.
 * @param {{past: import('./past.js').Past, open: string, chosen: string}} props
 */
export function Rows({ past, open, chosen }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const [view, setView] = useState({ first: 0, last: 60 });
  const [isBusy, setBusy] = useState(false);
  const rows = past.items.value ?? [];
  const height = rowHeight();
  const next = past.next.value;
  const searchedTo = past.searchedTo.value;
  const more = async () => {
    setBusy(true);
    await attempt(past.more);
    setBusy(false);
  };
  useLayoutEffect(() => {
    const measure = () => {
      const top = box.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor((-top / height - SPARE) / STEP) * STEP);
      const last = Math.ceil(((innerHeight - top) / height + SPARE) / STEP) * STEP;
      setView((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [height, past]);
  // Before the next key: Enter opens what `j` has just chosen.
  useLayoutEffect(() => {
    const index = rows.findIndex(({ id }) => id === (open || chosen));
    if (index < 0 || !box.current) return;
    const top = box.current.getBoundingClientRect().top + index * height;
    const lowest = innerHeight - height - EDGE_PX;
    if (top < EDGE_PX) scrollBy({ top: top - EDGE_PX });
    else if (top > lowest) scrollBy({ top: top - lowest });
    if (!open) /** @type {HTMLElement|null} */ (box.current.querySelector(`[data-row="${CSS.escape(chosen)}"]`))?.focus({ preventScroll: true });
  }, [open, chosen]);
  const isNear = next !== null && searchedTo === null && view.last >= rows.length;
  useEffect(() => {
    if (isNear && !isBusy) more();
  }, [isNear, rows.length]);
  return html`<ul class="call-lines" role="list" ref=${box} style=${{ blockSize: `${rows.length * height}px` }}>
      ${rows.slice(view.first, view.last).map((call, index) => html`<${Row} key=${call.id} call=${call} top=${(view.first + index) * height}
        isOpen=${call.id === open} isChosen=${call.id === chosen} place=${view.first + index + 1} of=${next === null ? rows.length : -1} />`)}
    </ul>
    ${next !== null && html`<div class="more-rows">
      ${searchedTo !== null && html`<span class="muted">${t('calls.searched', { when: formatWhen(searchedTo) })}</span>`}
      <button type="button" class="button small" disabled=${isBusy} onClick=${more}>${t(searchedTo === null ? 'list.more' : 'calls.search_on')}</button></div>`}`;
}
