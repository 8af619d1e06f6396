// @ts-check
/** Who is signed in here, and the ways in and out. */
import { signal } from '../vendor/signals.mjs';
import * as api from './api.js';

/** @type {{value: import('./types.js').Me|null}} */
export const me = signal(null);

let isLeaving = false;

/** @param {string} path */
function leaveFor(path) {
  if (isLeaving) return; // a second way out would cut the first one short
  isLeaving = true;
  location.replace(path);
}

/** Leaves for the sign-in page, to come back here afterwards. */
export function goToLogin() {
  leaveFor(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Signs out, here and in the other tabs. @param {() => void} tellOthers */
export async function leave(tellOthers) {
  await api.signOut();
  leaveFor('/login');
  tellOthers();
}

/** The signed-in person, or the way to the sign-in page. @returns {Promise<boolean>} */
export async function enter() {
  api.onSignedOut(goToLogin);
  for (let wait = 500; ; wait = Math.min(wait * 2, 5000)) {
    try {
      me.value = await api.whoAmI();
      return true;
    } catch (refusal) {
      if (refusal instanceof api.Refusal && refusal.status === 401) return false;
      await new Promise((go) => setTimeout(go, wait));
    }
  }
}

/** The signed-in person where nobody need be. */
export async function recognise() {
  try {
    me.value = await api.whoAmI({ quiet: true });
  } catch {
    me.value = null;
  }
}

/** Where to go after signing in: a path of ours and nothing else. @param {string|null} next */
export function safeNext(next) {
  if (!next || !next.startsWith('/')) return '/';
  const url = new URL(next, location.origin);
  // Whole, with its host: `/.//evil.example` is a path of ours here, and would be another host by its path alone.
  return url.origin === location.origin && url.pathname !== '/login' ? url.href : '/';
}
