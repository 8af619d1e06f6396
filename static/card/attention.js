// @ts-check
/** What makes a person look: the tab's title, the sound, the notification, and a sentence for a screen reader. */
import { computed, effect, signal } from '../vendor/signals.mjs';
import { formatPhone } from '../core/format.js';
import { t } from '../core/i18n.js';
import { deskPhone, notifications, sound } from '../core/prefs.js';
import { me } from '../core/session.js';
import { showBadge } from '../live/badge.js';
import { streamState } from '../live/live.js';
import { closeOthers, notify } from '../live/notify.js';
import { startRinging, stopRinging, unlock } from '../live/sound.js';
import { giveBack, takeTurn } from '../live/turns.js';
import { missedOpen, stack } from './cards.js';
import { phaseOf } from './phase.js';
import { number, who } from './who.js';

/** A manager who watches all is not rung for everybody's calls. */
const ringing = computed(() => stack.value.map(({ card }) => card).filter((card) => card.for_me && phaseOf(card, me.value) === 'ringing'));
const anyRinging = computed(() => ringing.value.length > 0);

/** The last sentence for the live region. @type {{value: string}} */
export const sentence = signal('');
/** @type {Map<string, string>} */
let spoken = new Map();

/** The page's title, seen also in a tab that is not: its usual one while nobody rings. */
export const title = (/** @type {string} */ usual) => (anyRinging.value ? t('title.incoming') : usual);

export function watchAttention() {
  effect(() => {
    if (anyRinging.value && sound.value && !deskPhone.value) ring();
    else hush();
  });
  effect(() => {
    const now = ringing.value;
    closeOthers(new Set(now.map(({ id }) => id)));
    if (notifications.value && !deskPhone.value) now.forEach(announce);
  });
  effect(() => showBadge(streamState.value === 'live' ? (missedOpen.value ?? 0) : 0)); // what nobody keeps true is not shown
  effect(speak);
  const first = () => {
    if (anyRinging.value && sound.value && !deskPhone.value) ring();
    else if (sound.value) unlock();
  };
  addEventListener('pointerdown', first);
  addEventListener('keydown', first);
}

let wanted = false;

/** One tab sounds; another one takes over at the next call if this one goes. */
async function ring() {
  wanted = true;
  if (!(await unlock()) || !wanted) return;
  if (!(await takeTurn('sound'))) return;
  if (wanted) startRinging();
  else giveBack('sound');
}

function hush() {
  wanted = false;
  stopRinging();
  giveBack('sound');
}

/** @param {import('../core/types.js').Card} card */
function announce(card) {
  const line = card.line?.label || (card.line ? formatPhone(card.line.number) : '');
  notify(card.id, who(card), [card.company, number(card.phone, card.phone_formatted), line].filter(Boolean).join(' · '));
}

/** One sentence a card and phase. */
function speak() {
  const next = new Map();
  for (const { card } of stack.value) {
    const phase = phaseOf(card, me.value);
    next.set(card.id, phase);
    if (spoken.get(card.id) !== phase) sentence.value = t(`say.${phase}`, { who: who(card) });
  }
  spoken = next;
}
