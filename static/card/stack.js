// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { me } from '../core/session.js';
import { CallCard } from './card.js';
import { stack } from './cards.js';
import { DuePromise } from './due.js';
import { bindOutcomeKeys } from './outcome-keys.js';
import { isPassing } from './phase.js';
import { arrange, others, pinned } from './places.js';
import { Strip } from './strip.js';

/** As many strips as leave room for the card at the bottom. */
const MOST = 4;
const MOST_LOW = 2;
const isHigh = matchMedia('(min-height: 860px) and (min-width: 641px)');

/** The cards at the bottom right: one in full, the others above it. It never takes the focus. */
export function CardStack() {
  const [all, setAll] = useState(false);
  useEffect(bindOutcomeKeys, []);
  const most = isHigh.matches ? MOST : MOST_LOW;
  const hidden = others.value.length - most;
  const main = pinned.value;
  return html`<section class="stack" aria-label=${t('card.region')} data-count=${stack.value.length}>
    <div class="stack-column">
      <${DuePromise} />
      ${hidden > 0 && html`<button type="button" class="button more" aria-expanded=${all} onClick=${() => setAll(!all)}>
        ${all ? t('card.fewer') : t('card.more', { n: hidden })}</button>`}
      ${arrange(all ? Infinity : most).map(({ card, leavesAt }) => html`<${Strip} key=${`strip-${card.id}-${isPassing(card, me.value)}`} card=${card} folds=${leavesAt !== null} />`)}
      ${main && html`<${CallCard} key=${main.card.id} card=${main.card} />`}
    </div>
  </section>`;
}
