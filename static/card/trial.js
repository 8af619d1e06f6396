// @ts-check
import { useEffect, useState } from '../vendor/hooks.mjs';
import * as api from '../core/api.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';

/** As long as the call goes on. */
const LASTS_MS = 15_000;

/** Rings this screen by the program itself, before any PBX is connected. */
export function Trial() {
  const [rings, setRings] = useState(false);
  useEffect(() => {
    if (!rings) return undefined;
    const timer = setTimeout(() => setRings(false), LASTS_MS);
    return () => clearTimeout(timer);
  }, [rings]);
  const ring = async () => {
    setRings(true);
    if (!(await attempt(api.ringMe))) setRings(false);
  };
  return html`<div class="field"><div class="buttons"><button type="button" class="button" disabled=${rings} aria-describedby="trial-more" onClick=${ring}><${Icon} name="phone-incoming" />${t('trial.do')}</button></div>
    <p class="hint" id="trial-more" role="status">${t(rings ? 'trial.rings' : 'trial.more')}</p></div>`;
}
