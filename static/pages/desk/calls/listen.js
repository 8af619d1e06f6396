// @ts-check
/** The one recording that is played: it goes on while the list and the drawer move. */
import { effect, signal } from '../../../vendor/signals.mjs';
import { t } from '../../../core/i18n.js';
import { playsOn, speed } from '../../../core/prefs.js';
import { say } from '../../../ui/toast.js';

/** @typedef {import('../../../core/types.js').Call} Call */
/** @typedef {{call: Call, isPlaying: boolean, atS: number, lengthS: number}} Playing lengthS: 0 until it is known */

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const STEP_S = 10;

/** @type {import('../../../vendor/signals.mjs').Signal<Playing|null>} */
export const playing = signal(/** @type {Playing|null} */ (null));

/** Gives what is to be played after this call. @type {(after: Call) => Promise<Call|null>} */
let findNext = async () => null;
/** @type {(find: typeof findNext) => void} */
export const comesFrom = (find) => (findNext = find);

const sound = new Audio();
sound.preload = 'none';
effect(() => {
  sound.defaultPlaybackRate = speed.value;
  sound.playbackRate = speed.value;
});

const tell = () => {
  const known = playing.value;
  if (!known) return;
  const lengthS = Number.isFinite(sound.duration) ? sound.duration : known.lengthS;
  playing.value = { ...known, isPlaying: !sound.paused, atS: sound.currentTime, lengthS };
};
for (const event of ['play', 'pause', 'timeupdate', 'durationchange', 'seeked']) sound.addEventListener(event, tell);
sound.addEventListener('ended', async () => {
  const known = playing.value;
  const next = known && playsOn.value ? await findNext(known.call) : null;
  if (next && playing.value?.call.id === known?.call.id) play(next);
});
sound.addEventListener('error', () => {
  if (!playing.value) return;
  close();
  say({ text: t('listen.failed'), bad: true });
});

export const canPlay = (/** @type {Call|null|undefined} */ call) => call?.recording.state === 'ready';

/** From its beginning, or on from where it was. @param {Call} call */
export function play(call) {
  if (playing.value?.call.id !== call.id) {
    playing.value = { call, isPlaying: false, atS: 0, lengthS: call.recording.duration_s ?? 0 };
    sound.src = call.recording.url ?? '';
  }
  sound.play().catch(() => {}); // what went wrong is heard as `error`; an interrupted play is none
}

/** Plays this call's, or stops for a while. @param {Call} call */
export function toggle(call) {
  if (playing.value?.call.id === call.id && !sound.paused) sound.pause();
  else play(call);
}

/** @param {number} atS */
export function seek(atS) {
  const known = playing.value;
  if (!known) return;
  sound.currentTime = Math.max(0, Math.min(atS, known.lengthS || atS));
  tell();
}

export const back = () => seek(sound.currentTime - STEP_S);
export const forth = () => seek(sound.currentTime + STEP_S);

export function close() {
  playing.value = null;
  sound.pause();
  sound.removeAttribute('src');
  sound.load();
}
