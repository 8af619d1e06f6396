// @ts-check
/** The address is the state: which section, which filters, what is open. Links, reloads and the way back come of it. */
import { signal } from '../vendor/signals.mjs';

/** @typedef {{path: string, query: URLSearchParams}} Route */
/** @typedef {string|string[]|null} Wanted several values of one name; null: the name goes */

const KEPT = 'ringcard.visited';

/** @returns {Route} */
const read = () => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** Where we are. Never change `query` in place: `amend` does it. @type {import('../vendor/signals.mjs').Signal<Route>} */
export const route = signal(read());

/** Each section's address when it was last left, as long as the tab lives. @type {Record<string, string>} */
const visited = recall();

/** What `/` shows. */
const HOME = 'calls';

/** The section of an address: what stands between its first two slashes. @param {string} path */
export const sectionOf = (path) => path.split('/')[1] || HOME;

/** Where the person was in this section, else its beginning. @param {string} section */
export const lastIn = (section) => visited[section] ?? `/${section}`;

/**
 * Goes there, as a link does.
 * @param {string} href a path of the workplace
 * @param {{replace?: boolean}} [how] replace: the way back does not lead here
 */
export function go(href, { replace = false } = {}) {
  const here = location.pathname + location.search;
  move(href, replace || href === here ? 'replaceState' : 'pushState');
  scrollTo(0, 0);
}

/**
 * Changes what stands behind the question mark; what is not named stays.
 * @param {Record<string, Wanted>} changes
 * @param {{replace?: boolean}} [how] replace: no step of its own on the way back, as for what is being typed
 */
export function amend(changes, { replace = false } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, wanted] of Object.entries(changes)) {
    query.delete(name);
    for (const value of [wanted ?? []].flat()) query.append(name, value);
  }
  const search = query.toString();
  if (search === new URLSearchParams(location.search).toString()) return;
  move(location.pathname + (search && `?${search}`), replace ? 'replaceState' : 'pushState');
}

/**
 * From now on links within the page's own sections load nothing, and the way back is followed.
 * @param {(path: string) => boolean} isOurs
 */
export function follow(isOurs) {
  remember();
  addEventListener('popstate', arrive);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = /** @type {Element} */ (event.target).closest('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download') || link.hash) return;
    if (link.origin !== location.origin || !isOurs(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** @param {string} href @param {'pushState'|'replaceState'} how */
function move(href, how) {
  history[how](null, '', href);
  arrive();
}

function arrive() {
  route.value = read();
  remember();
}

function remember() {
  visited[sectionOf(location.pathname)] = location.pathname + location.search;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(visited));
  } catch {
    // full or forbidden: known until the next reload
  }
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '{}');
  } catch {
    return {};
  }
}
