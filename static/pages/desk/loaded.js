// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Skeleton } from '../../ui/skeleton.js';

/** What was loaded: opened again, it is there at once. @type {Map<string, () => any>} */
const loaded = new Map();

/**
 * What is fetched when it is first opened; `around` holds what stands for it meanwhile.
 *
 * @param {{name: string, load: () => Promise<() => any>, around: (waiting: any) => any}} props
 */
export function Loaded({ name, load, around }) {
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
  if (Shown) return html`<${Shown} />`;
  return around(failed ? html`<p class="empty" role="alert"><strong>${t('section.failed')}</strong>
    <button type="button" class="button small" onClick=${() => location.reload()}>${t('section.again')}</button></p>` : html`<${Skeleton} rows=${6} />`);
}
