// @ts-check
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { streamState } from '../../live/live.js';
import { Palette } from './palette/palette.js';
import { PersonMenu } from './person-menu.js';

/** The bar above every section: what finds and does anything, and who I am. Of the connection it speaks when that is bad. */
export function Top() {
  const state = streamState.value;
  return html`<header class="desk-top">
    <${Palette} />
    ${state === 'live' ? html`<span class="spring"></span>` : html`<span class="spring"><span class=${`pill connection ${state}`}><span class="dot"></span><span class="pill-text">${t(state === 'connecting' ? 'stream.connecting' : 'stream.offline')}</span></span></span>`}
    <${PersonMenu} />
  </header>`;
}
