// @ts-check
import { missedOpen } from '../../card/cards.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { hint } from '../../core/keys.js';
import { lastIn, route } from '../../core/router.js';
import { Icon, MARK } from '../../ui/icon.js';
import { size } from './size.js';
import { isOffered, VIEWS, viewAt } from './views.js';

/** The sections; on a phone they are tabs at the bottom, the board first. */
export function Rail() {
  const current = viewAt(route.value.path);
  const isBoard = (/** @type {import('./views.js').View} */ { section }) => section === 'missed';
  const offered = VIEWS.filter(isOffered);
  const views = size.value === 'phone' ? [...offered.filter(isBoard), ...offered.filter((view) => !isBoard(view))] : offered;
  return html`<nav class="rail" aria-label=${t('nav.title')}>
    <a class="rail-brand" href="/calls" aria-label="ringcard"><img src=${MARK} alt="" width="24" height="24" /><span>ringcard</span></a>
    <ul>${views.map((view) => html`<li key=${view.section}><${Entry} view=${view} isCurrent=${view === current} /></li>`)}</ul>
  </nav>`;
}

/** Back to where the person was in the section; from within it, to its beginning. @param {{view: import('./views.js').View, isCurrent: boolean}} props */
function Entry({ view, isCurrent }) {
  const { section, icon, words } = view;
  const open = section === 'missed' ? (missedOpen.value ?? 0) : 0;
  return html`<a class="rail-entry" href=${isCurrent ? `/${section}` : lastIn(section)} aria-current=${isCurrent ? 'page' : undefined}
    title=${t(words) + hint(`go.${section}`)}>
    <${Icon} name=${icon} /><span class="rail-word">${t(words)}</span>
    ${open > 0 && html`<span class="out-of-sight">, ${t('missed.count', { n: open })}</span><span class="rail-badge figures" aria-hidden="true">${open > 99 ? '99+' : open}</span>`}</a>`;
}
