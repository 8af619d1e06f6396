// @ts-check
import { missedOpen } from '../../card/cards.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { leave, me } from '../../core/session.js';
import { end, streamState } from '../../live/live.js';
import { Icon, MARK } from '../../ui/icon.js';
import { Menu } from '../../ui/menu.js';
import { attempt } from '../../ui/toast.js';
import { Preferences } from '../../card/preferences.js';

/** Connection, missed, who I am, and this browser's settings. */
export function TopBar() {
  return html`<header class="top">
    <a class="brand" href="/card" aria-label="ringcard"><img src=${MARK} alt="" width="24" height="24" /><span>ringcard</span></a>
    <${Connection} />
    ${missedOpen.value ? html`<${MissedPill} open=${missedOpen.value} />` : null}
    <span class="spring"></span>
    <${Person} />
    <${Menu} label=${t('me.menu')} face=${html`<${Icon} name="settings" />`}><${Preferences} /><//>
    <button type="button" class="icon-button" aria-label=${t('me.sign_out')} title=${t('me.sign_out')} onClick=${() => attempt(() => leave(end))}><${Icon} name="log-out" /></button>
  </header>`;
}

/** @param {{open: number}} props */
function MissedPill({ open }) {
  const words = t('missed.count', { n: open });
  return html`<a class="pill bad" href="#missed" aria-label=${words}><${Icon} name="phone-missed" />
    <span class="pill-text">${words}</span><span class="pill-number" aria-hidden="true">${open}</span></a>`;
}

function Connection() {
  const state = streamState.value;
  const key = state === 'signed-out' ? 'offline' : state;
  return html`<span role="img" aria-label=${t(`stream.${key}`)} class=${`pill connection ${key}`} data-stream=${state}><span class="dot"></span><span class="pill-text">${t(`stream.${key}`)}</span></span>`;
}

function Person() {
  const user = me.value;
  if (!user) return null;
  const line = user.lines?.[0]?.account;
  return html`<span class="person"><strong dir="auto">${user.name || user.login}</strong>
    <span class=${line ? 'muted' : 'warn-text'}>${line ? t('me.line', { line }) : t('me.no_line')}</span></span>`;
}
