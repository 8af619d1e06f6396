// @ts-check
import { useEffect, useRef } from '../../../vendor/hooks.mjs';
import { who } from '../../../card/who.js';
import { formatAgo, formatClock } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { bind, hint } from '../../../core/keys.js';
import { playsOn, speed } from '../../../core/prefs.js';
import { Icon } from '../../../ui/icon.js';
import { back, canPlay, close, comesFrom, forth, playing, seek, SPEEDS, toggle } from './listen.js';
import { hrefOf, onPlain, openCall, openId } from './open.js';

/** @typedef {import('../../../core/types.js').Call} Call */
/** @typedef {import('./past.js').Past} Past */

/** So many pages are looked through for the next recording. */
const PAGES = 5;

/** What is played, below the list; it stays while the list moves. @param {{past: Past|null}} props */
export function Player({ past }) {
  const list = useRef(past);
  list.current = past;
  useEffect(() => {
    comesFrom(async (call) => {
      const next = list.current && await following(list.current, call);
      if (next && openId()) openCall(next.id);
      return next;
    });
    return close;
  }, []);
  usePlayerKeys(list);
  const known = playing.value;
  if (!known) return null;
  const { call, isPlaying, atS, lengthS } = known;
  const button = (/** @type {string} */ icon, /** @type {string} */ words, /** @type {string} */ key, /** @type {() => void} */ run) =>
    html`<button type="button" class="icon-button" title=${t(words) + hint(key)} aria-label=${t(words)} onClick=${run}><${Icon} name=${icon} /></button>`;
  return html`<section class="player" aria-label=${t('listen.title')}>
    <span class="player-buttons">${button('rotate-ccw', 'listen.back', 'listen.back', back)}
      <button type="button" class="icon-button player-play" title=${t(isPlaying ? 'listen.pause' : 'listen.play') + hint('listen.play')} aria-label=${t(isPlaying ? 'listen.pause' : 'listen.play')} onClick=${() => toggle(call)}><${Icon} name=${isPlaying ? 'pause' : 'play'} /></button>
      ${button('rotate-cw', 'listen.forth', 'listen.forth', forth)}</span>
    <a class="player-who" href=${hrefOf(call.id)} dir="auto" onClick=${onPlain(() => openCall(call.id))}>${who(call)} <span class="muted">${formatAgo(call.started_at)}</span></a>
    <label class="player-bar"><span class="out-of-sight">${t('listen.place')}</span>
      <span class="figures">${formatClock(atS)}</span>
      <input type="range" min="0" max=${Math.max(1, lengthS)} step="any" value=${atS} aria-valuetext=${t('listen.at', { at: formatClock(atS), of: formatClock(lengthS) })}
        onInput=${(/** @type {any} */ event) => seek(Number(event.currentTarget.value))} />
      <span class="figures muted">${formatClock(lengthS)}</span></label>
    <label class="player-speed"><span class="out-of-sight">${t('listen.speed')}</span>
      <select value=${speed.value} onChange=${(/** @type {any} */ event) => (speed.value = Number(event.currentTarget.value))}>
        ${SPEEDS.map((one) => html`<option key=${one} value=${one} selected=${one === speed.value}>${one.toLocaleString(document.documentElement.lang)}×</option>`)}</select></label>
    <label class="check player-on" title=${t('listen.on_more')}><input type="checkbox" checked=${playsOn.value} onChange=${(/** @type {any} */ event) => (playsOn.value = event.currentTarget.checked)} />${t('listen.on')}</label>
    <button type="button" class="icon-button" title=${t('listen.close')} aria-label=${t('listen.close')} onClick=${close}><${Icon} name="x" /></button>
  </section>`;
}

/** The next in the list that can be played. @param {Past} past @param {Call} call @returns {Promise<Call|null>} */
async function following(past, call) {
  const rows = () => past.items.value ?? [];
  let from = rows().findIndex(({ id }) => id === call.id) + 1;
  for (let page = 0; page < PAGES; page += 1) {
    const next = rows().slice(from).find(canPlay);
    if (next) return next;
    from = rows().length;
    if (past.next.value === null) return null;
    await past.more();
  }
  return null;
}

/** Not where these keys have another meaning. */
const isFree = () => !document.activeElement?.closest('select, input, .card, .menu');
const isNoButton = () => !document.activeElement?.closest('button, summary');

/** @param {{current: Past|null}} list */
function usePlayerKeys(list) {
  const wanted = () => {
    const open = list.current?.items.value?.find(({ id }) => id === openId());
    return canPlay(open) ? open : playing.value?.call;
  };
  useEffect(() => bind([
    { id: 'listen.play', keys: ['Space'], words: 'listen.play', when: () => isFree() && isNoButton() && wanted() !== undefined, run: () => { const call = wanted(); if (call) toggle(call); } },
    { id: 'listen.back', keys: ['ArrowLeft'], words: 'listen.back', when: () => isFree() && playing.value !== null, run: back },
    { id: 'listen.forth', keys: ['ArrowRight'], words: 'listen.forth', when: () => isFree() && playing.value !== null, run: forth },
  ]), []);
}
