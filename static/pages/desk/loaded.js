// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import { signal } from '../../vendor/signals.mjs';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Skeleton } from '../../ui/skeleton.js';

/** Whether what was asked for first stands: what can wait comes after it. */
export const isFirstShown = signal(false);

/** What was loaded: opened again, it is there at once. @type {Map<string, (given: any) => any>} */
const loaded = new Map();

/**
 * What is fetched when it is first shown, with what it is given; `around` holds what stands for it meanwhile.
 *
 * @param {{name: string, load: () => Promise<(given: any) => any>, around: (waiting: any) => any, given?: object}} props
 */
export function Loaded({ name, load, around, given = {} }) {
  const [failed, setFailed] = useState(false);
  const [, show] = useState(loaded.size);
  const Shown = loaded.get(name);
  useEffect(() => {
    if (Shown) return;
    load().then((component) => {
      loaded.set(name, component);
      show(loaded.size);
    }, () => setFailed(true));
  }, []);
  useEffect(() => {
    if (Shown || failed) isFirstShown.value = true;
  }, [Shown, failed]);
  if (Shown) return html`<${Shown} ...${given} />`;
  return around(failed ? html`<p class="empty" role="alert"><strong>${t('section.failed')}</strong>
    <button type="button" class="button small" onClick=${() => location.reload()}>${t('section.again')}</button></p>` : html`<${Skeleton} rows=${6} />`);
}
