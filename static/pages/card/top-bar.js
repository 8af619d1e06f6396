// @ts-check
import { useEffect, useRef, useState } from '../../vendor/hooks.mjs';
import { missedOpen } from '../../card/cards.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { leave, me } from '../../core/session.js';
import { end, streamState } from '../../live/live.js';
import { Icon } from '../../ui/icon.js';
import { attempt } from '../../ui/toast.js';
import { Preferences } from './preferences.js';

/** Connection, missed, who I am, and this browser's settings. */
export function TopBar() {
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
  return html`<header class="top">
    <a class="brand" href="/card" aria-label="ringcard"><img src="/static/icon.svg" alt="" width="24" height="24" /><span>ringcard</span></a>
    <${Connection} />
    ${missedOpen.value ? html`<${MissedPill} open=${missedOpen.value} />` : null}
    <span class="spring"></span>
    <${Person} />
    <div class="menu" ref=${box}>
      <button type="button" class="icon-button" aria-expanded=${open} aria-label=${t('me.menu')} title=${t('me.menu')} onClick=${() => setOpen(!open)}><${Icon} name="settings" /></button>
      ${open && html`<${Preferences} />`}
    </div>
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
