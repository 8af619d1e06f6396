// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { shortcuts } from '../core/prefs.js';
import { me } from '../core/session.js';
import { CallCard } from './card.js';
import { stack } from './cards.js';
import { choose } from './outcome.js';
import { phaseOf } from './phase.js';
import { outcomes } from './settings.js';

const MOST = 3;

/** The cards at the bottom right, newest on top. It never takes the focus. */
export function CardStack() {
  const [all, setAll] = useState(false);
  useEffect(() => {
    document.addEventListener('keydown', chooseByKey);
    return () => document.removeEventListener('keydown', chooseByKey);
  }, []);
  const cards = stack.value;
  const shown = all ? cards : cards.slice(0, MOST);
  return html`<section class="stack" aria-label=${t('card.region')} data-count=${cards.length} tabindex=${cards.length > 0 ? 0 : undefined}>
    ${shown.map(({ card, leavesAt }, index) => html`<${CallCard} key=${card.id} card=${card} folds=${leavesAt !== null} newest=${index === 0} />`)}
    ${cards.length > MOST && html`<button type="button" class="button more" aria-expanded=${all} onClick=${() => setAll(!all)}>
      ${all ? t('card.fewer') : t('card.more', { n: cards.length - MOST })}</button>`}
  </section>`;
}

/** A digit chooses an outcome on the card in focus, else on the newest one that ended. @param {KeyboardEvent} event */
function chooseByKey(event) {
  if (!shortcuts.value || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (!/^[1-9]$/.test(event.key) || isTyping(event.target)) return;
  const outcome = outcomes.value[Number(event.key) - 1];
  const focused = document.activeElement?.closest('[data-call]')?.getAttribute('data-call');
  const ended = stack.value.map(({ card }) => card).filter((card) => ['ended', 'unreached'].includes(phaseOf(card, me.value)));
  const card = focused ? ended.find(({ id }) => id === focused) : ended[0];
  if (!outcome || !card) return;
  event.preventDefault();
  choose(card, outcome);
}

/** @param {EventTarget|null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}
