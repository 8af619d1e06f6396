// @ts-check
/** Who is signed in here, and the ways in and out. */
import * as api from './api.js';
import { me } from './cards.js';

/** Leaves for the sign-in page, to come back here afterwards. */
export function goToLogin() {
  const here = location.pathname + location.search;
  location.replace(`/login?next=${encodeURIComponent(here)}`);
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

/** Where to go after signing in: a path of ours and nothing else. @param {string|null} next */
export function safeNext(next) {
  if (!next || !next.startsWith('/')) return '/card';
  const url = new URL(next, location.origin);
  return url.origin === location.origin && url.pathname !== '/login' ? url.pathname + url.search + url.hash : '/card';
}
