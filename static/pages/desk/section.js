// @ts-check
import { useEffect, useState } from '../../vendor/hooks.mjs';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Skeleton } from '../../ui/skeleton.js';

/** What was loaded: opened again, a section is there at once. @type {Map<string, () => any>} */
const loaded = new Map();

/** A section, and what stands for it while it is fetched. @param {{view: import('./views.js').View}} props */
export function Section({ view }) {
  const [failed, setFailed] = useState(false);
  const [, show] = useState(loaded.size);
  const View = loaded.get(view.section);
  useEffect(() => {
    if (View) return;
    view.load().then((module) => {
      loaded.set(view.section, module.View);
      show(loaded.size);
    }, () => setFailed(true));
  }, []);
  if (View) return html`<${View} />`;
  return html`<div class="view"><h1>${t(view.words)}</h1>
    <section class="panel">${failed ? html`<p class="empty" role="alert"><strong>${t('section.failed')}</strong>
      <button type="button" class="button small" onClick=${() => location.reload()}>${t('section.again')}</button></p>` : html`<${Skeleton} rows=${6} />`}</section></div>`;
}
