// @ts-check
/** The ringing, made of two soft tones by the browser itself: no file, and silent until it is switched on. */
import { signal } from '../vendor/signals.mjs';

const RING_EVERY_S = 3;
/** Rings are laid out ahead by the audio clock: a hidden page's timers are too slow. */
const RINGS_AHEAD = 40;
const UNLOCK_MS = 400;

/** The browser waits for a first click on the page. @type {{value: boolean}} */
export const blocked = signal(false);

/** @type {AudioContext|null} */
let audio = null;
/** @type {GainNode|null} */
let ringing = null;

/** Whether the page may sound now; on a click or a key, from then on. @returns {Promise<boolean>} */
export async function unlock() {
  audio ??= new AudioContext();
  // Before the first click the promise stays open, it does not fail.
  if (audio.state !== 'running') await Promise.race([audio.resume(), new Promise((go) => setTimeout(go, UNLOCK_MS))]);
  blocked.value = audio.state !== 'running';
  return !blocked.value;
}

/** One ring, to hear what it is like. */
export async function test() {
  await unlock();
  if (!audio) return;
  const out = audio.createGain();
  out.connect(audio.destination);
  ringOnce(audio, out, audio.currentTime);
}

/** Rings until `stopRinging`; the page must be unlocked. */
export function startRinging() {
  if (ringing || !audio) return;
  const out = audio.createGain();
  ringing = out;
  out.connect(audio.destination);
  for (let ring = 0; ring < RINGS_AHEAD; ring++) ringOnce(audio, out, audio.currentTime + 0.05 + ring * RING_EVERY_S);
}

export function stopRinging() {
  ringing?.disconnect();
  ringing = null;
}

/** @param {AudioContext} context @param {AudioNode} out @param {number} at */
function ringOnce(context, out, at) {
  for (const [pitch, after] of /** @type {[number, number][]} */ ([[659.3, 0], [830.6, 0.16], [659.3, 0.5], [830.6, 0.66]])) {
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.type = 'sine';
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at + after);
    loudness.gain.linearRampToValueAtTime(0.16, at + after + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + after + 0.45);
    tone.connect(loudness).connect(out);
    tone.start(at + after);
    tone.stop(at + after + 0.5);
  }
}
