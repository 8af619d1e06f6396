// @ts-check
/** The time, once a second, by the server's clock. */
import { signal } from '../vendor/signals.mjs';
import { clock } from './api.js';

export const serverNow = () => Date.now() + clock.aheadMs;

/** @type {import('../vendor/signals.mjs').Signal<number>} */
export const now = signal(serverNow());

setInterval(() => {
  now.value = serverNow();
}, 1000);
