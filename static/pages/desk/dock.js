// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import { stack } from '../../card/cards.js';
import { phaseOf } from '../../card/phase.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { CallStrip } from './call-strip.js';
import { drawer } from './drawer.js';
import { isFirstShown, Loaded } from './loaded.js';
import { size } from './size.js';

const loadCards = async () => (await import('../../card/stack.js')).CardStack;

/** Where the cards lie, so that none ever covers a row; without one, the drawer that a section has opened. */
export function Dock() {
  const [isOpen, setOpen] = useState(false);
  const count = stack.value.length;
  const ringing = stack.value.find(({ card }) => card.for_me && phaseOf(card, me.value) === 'ringing')?.card.id ?? '';
  useEffect(() => {
    if (ringing) setOpen(true);
    else if (count === 0) setOpen(false);
  }, [ringing, count === 0]);
  const held = drawer.value;
  const isStrip = size.value === 'strip';
  // After the section, which waits for nothing of theirs, and before the phone rings.
  const isStackLoaded = isFirstShown.value || count > 0;
  const hidesDrawer = count > 0 && size.value === 'dock';
  return html`<aside class=${`dock ${count > 0 ? 'busy' : ''} ${isStrip && !isOpen ? 'folded' : ''}`} aria-label=${t('dock.title')}>
    ${held && html`<section class="drawer" aria-label=${held.label} hidden=${hidesDrawer}>${held.body}</section>`}
    ${!held && count === 0 && !isStrip && html`<div class="dock-idle"><span class="wait-ring"></span>
      <p class="wait-title">${t('idle.title')}</p><p class="hint">${t('idle.more')}</p></div>`}
    ${isStackLoaded && html`<${Loaded} name="cards" load=${loadCards} around=${(/** @type {any} */ waiting) => count > 0 && waiting} />`}
    ${isStrip && html`<${CallStrip} isOpen=${isOpen} toggle=${() => setOpen(!isOpen)} />`}
  </aside>`;
}
