// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { Skeleton } from '../../../ui/skeleton.js';

/**
 * A panel of what is asked for once.
 * @template T
 * @param {{title: string, ask: () => Promise<{items: T[]}>, show: (items: T[]) => any}} props
 */
export function Asked({ title, ask, show }) {
  const [items, setItems] = useState(/** @type {T[]|null} */ (null));
  const [refused, setRefused] = useState('');
  useEffect(() => {
    ask().then((answer) => setItems(answer.items), (refusal) => setRefused(explain(refusal)));
  }, []);
  return html`<section class="panel"><h2>${title}</h2>
    ${refused ? html`<p class="empty" role="alert">${refused}</p>` : items === null ? html`<${Skeleton} rows=${2} />` : show(items)}</section>`;
}
