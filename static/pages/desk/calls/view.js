// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { amend, route } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { FileMenu } from '../../../ui/file-menu.js';
import { Icon } from '../../../ui/icon.js';
import { Search } from '../../../ui/search.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useDrawer } from '../drawer.js';
import { Loaded } from '../loaded.js';
import { asAsked, filterOf } from './filter.js';
import { Filters } from './filters.js';
import { useListKeys } from './list-keys.js';
import { Nothing } from './nothing.js';
import { closeCall, openId } from './open.js';
import { usePast } from './past.js';
import { Player } from './player.js';
import { PromisedLine } from './promised-line.js';
import { Rows } from './rows.js';
import { WaitingLine } from './waiting-line.js';

await loadPart('calls');

/** The calls that are listed, as a file in the reader's language and the browser's time. @param {URLSearchParams} filter */
const fileAddress = (filter) => `/api/calls/export?${new URLSearchParams([['zone', Intl.DateTimeFormat().resolvedOptions().timeZone], ...new URLSearchParams(asAsked(filter))].filter(([name], nth) => nth === 0 || name !== 'zone'))}`;

const loadDrawer = async () => (await import('./call-drawer.js')).CallDrawer;
/** @param {any} waiting */
const alone = (waiting) => waiting;

/** Below this nobody has scrolled. */
const TOP_PX = 24;

/** Every call, newest first, narrowed by what the address says; the one that it names is open beside the list. */
export function View() {
  const filter = filterOf(route.value.query);
  const open = openId();
  const [chosen, choose] = useState('');
  const { past, isStale } = usePast(filter, () => ({ waits: waits(), open: openId() }));
  useListKeys({ past, open, chosen, choose });
  useDrawer(open ? { label: t('calls.one'), body: html`<${Loaded} key=${open} name="call-drawer" load=${loadDrawer} around=${alone} given=${{ id: open, known: past?.items.value?.find(({ id }) => id === open) }} />`, close: closeCall } : null);
  useEffect(() => {
    if (open) choose(open);
  }, [open]);
  const isFiltered = filter.size > 0;
  return html`<div class="view calls-view">
    <div class="view-head"><h1>${t('nav.calls')}</h1>
      ${me.value?.role !== 'operator' && html`<span class="calls-export"><${FileMenu} label=${t('calls.export')} words=${t('calls.export')} address=${fileAddress(filter)} /></span>`}
      <${Search} q=${filter.get('q') ?? ''} label=${t('calls.search')} onSearch=${(/** @type {string} */ q) => amend({ q: q || null }, { replace: true })} /></div>
    <${Filters} filter=${filter} />
    ${!isFiltered && html`<p class="home-line"><${PromisedLine} /><${WaitingLine} /></p>`}
    <section class="panel call-panel" aria-label=${t('nav.calls')} aria-busy=${isStale}>
      ${past ? html`<${List} key=${isStale ? undefined : filter.toString()} past=${past} filter=${filter} open=${open} chosen=${chosen} />` : html`<${Skeleton} rows=${12} />`}
    </section>
    <${Player} past=${past} /></div>`;
}

/** Whether what is new would move what the person looks at. */
const waits = () => scrollY > TOP_PX || openId() !== '' || Boolean(document.activeElement?.closest('.call-lines'));

/** @param {{past: import('./past.js').Past, filter: URLSearchParams, open: string, chosen: string}} props */
function List({ past, filter, open, chosen }) {
  const count = past.waiting.value.length;
  useEffect(() => {
    if (count === 0) return undefined;
    const look = () => !waits() && past.release();
    addEventListener('scroll', look, { passive: true });
    look();
    return () => removeEventListener('scroll', look);
  }, [count, open]);
  const up = () => {
    past.release();
    scrollTo({ top: 0 });
  };
  const isEmpty = past.items.value?.length === 0;
  return html`${count > 0 && html`<div class="new-calls"><button type="button" class="button small" onClick=${up}><${Icon} name="arrow-up" />${t('calls.new', { n: count })}</button></div>`}
    ${isEmpty && html`<${Nothing} filter=${filter} isOver=${past.next.value === null} />`}
    <${Rows} past=${past} open=${open} chosen=${chosen} />`;
}
