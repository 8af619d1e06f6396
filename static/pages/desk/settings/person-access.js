// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { attempt, say } from '../../../ui/toast.js';
import { Sessions } from './sessions.js';

await loadPart('security');

/** How a colleague gets in: the code that he may have lost, and where he is signed in. @param {{user: import('../../../core/types.js').Person}} props */
export function PersonAccess({ user }) {
  const [has, setHas] = useState(user.has_second_factor ?? false);
  const [sure, setSure] = useState(false);
  const take = () => attempt(async () => {
    await api.takeSecondFactor(user.id);
    setHas(false);
    say({ text: t('factor.taken', { name: user.name || user.login }) });
  });
  return html`${has && html`<section class="panel settings-form"><h2>${t('factor.title')}</h2><p class="hint">${t('factor.his')}</p>
      <div class="buttons">${sure
        ? html`<button type="button" class="button danger" onClick=${take}>${t('factor.take_now')}</button><button type="button" class="button" onClick=${() => setSure(false)}>${t('missed.cancel')}</button>`
        : html`<button type="button" class="button" onClick=${() => setSure(true)}>${t('factor.take')}</button>`}</div></section>`}
    <${Sessions} user=${user.id} />`;
}
