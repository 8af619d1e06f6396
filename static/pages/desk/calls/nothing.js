// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { clear } from './clear.js';
import { asAsked, inUse, without } from './filter.js';
import { wordsOf } from './names.js';

/** An empty list: which filter is to blame, and the way to be without it. @param {{filter: URLSearchParams, isOver: boolean}} props isOver: all was looked through */
export function Nothing({ filter, isOver }) {
  const [blamed, setBlamed] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    let isCurrent = true;
    const names = inUse(filter);
    Promise.all(names.map((name) => api.callsBy(asAsked(without(filter, name)), 1, null).then(({ items }) => (items.length > 0 ? name : ''), () => '')))
      .then((found) => isCurrent && setBlamed(found.filter(Boolean)));
    return () => {
      isCurrent = false;
    };
  }, []);
  if (filter.size === 0) return html`<p class="empty"><strong>${t('calls.none')}.</strong> ${t('calls.none_more')}</p>`;
  return html`<div class="empty"><strong>${t(isOver ? 'calls.nothing' : 'calls.nothing_yet')}</strong>
    ${blamed.length > 0 && html`<ul class="blamed">${blamed.map((name) => html`<li key=${name}>
      <button type="button" class="button small" onClick=${() => clear(name)}>${t('calls.without', { filter: wordsOf(filter, name) })}</button></li>`)}</ul>`}
  </div>`;
}
