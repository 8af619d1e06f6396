// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { Skeleton } from '../../../ui/skeleton.js';

/**
 * What was asked for, and how to ask again; undefined while it is on its way, a string when it was refused.
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {[T|string|undefined, () => Promise<void>]}
 */
export function useAsked(ask) {
  const [answer, setAnswer] = useState(/** @type {T|string|undefined} */ (undefined));
  const again = () => ask().then((told) => setAnswer(told), (refusal) => setAnswer(explain(refusal)));
  useEffect(() => void again(), []);
  return [answer, again];
}

/**
 * A panel of what was asked for.
 * @template T
 * @param {{title: string, more?: string, answer: T|string|undefined, show: (answer: T) => any, foot?: any}} props
 */
export function Asked({ title, more, answer, show, foot }) {
  const body = answer === undefined
    ? html`<${Skeleton} rows=${3} />`
    : typeof answer === 'string'
      ? html`<p class="empty bad-text" role="alert">${answer}</p>`
      : html`${show(answer)}${foot}`;
  return html`<section class="panel"><h2>${title}</h2>${more && html`<p class="panel-more hint">${more}</p>`}${body}</section>`;
}
