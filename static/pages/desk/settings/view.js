// @ts-check
import { useEffect } from '../../../vendor/hooks.mjs';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { route } from '../../../core/router.js';
import { me } from '../../../core/session.js';
import { Icon } from '../../../ui/icon.js';
import { Loaded } from '../loaded.js';
import { partsFor } from './parts.js';

await Promise.all([loadPart('health'), loadPart('refusals'), loadPart('settings')]);

/** @param {any} waiting */
const aside = (waiting) => html`<section class="panel">${waiting}</section>`;

/** The settings' parts, and the one that the address names. */
export function View() {
  const parts = partsFor(me.value?.role === 'admin');
  const asked = route.value.path.split('/')[2];
  const shown = parts.find(({ part }) => part === asked) ?? parts[0];
  // On a phone the parts are one row: the shown one is not to lie beyond its edge.
  useEffect(() => document.querySelector('.settings-parts [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [shown?.part]);
  if (!shown) return null;
  return html`<div class="view settings"><h1>${t('nav.settings')}</h1>
    <nav class="settings-parts" aria-label=${t('settings.parts')}><ul>${parts.map(({ part, words, icon }) => html`<li key=${part}>
      <a href=${`/settings/${part}`} aria-current=${part === shown.part ? 'page' : undefined}><${Icon} name=${icon} />${t(words)}</a></li>`)}</ul></nav>
    <div class="settings-part" key=${shown.part}><${Loaded} name=${`settings/${shown.part}`} load=${shown.load} around=${aside} /></div></div>`;
}
