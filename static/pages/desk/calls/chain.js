// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { look } from '../../../card/look.js';
import { outcomeName } from '../../../card/settings.js';
import { isNumber } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatExact, formatLength, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { on } from '../../../live/topics.js';
import { Icon } from '../../../ui/icon.js';
import { hrefOf, onPlain, openCall } from './open.js';
import { peopleOf } from './people.js';

/** @typedef {import('../../../core/types.js').Call} Call */

const AROUND_MS = 7 * 86_400_000;
const MOST_BEFORE = 3;
const MOST_AFTER = 4;

/** What came before and after with the same client, within a week: missed, called back. @param {{call: Call}} props */
export function Chain({ call }) {
  const [around, setAround] = useState(/** @type {Call[]} */ ([]));
  useEffect(() => {
    if (!call.contact && !isNumber(call.phone)) return undefined;
    let isCurrent = true;
    const at = Date.parse(call.started_at);
    const query = new URLSearchParams({ from: new Date(at - AROUND_MS).toISOString(), to: new Date(at + AROUND_MS).toISOString(), ...(call.contact ? { contact: call.contact.id } : { phone: call.phone }) });
    const read = () => api.callsBy(query.toString(), 50, null).then(({ items }) => isCurrent && setAround(items.reverse()), () => {});
    read();
    const stop = on('call', ({ id }) => (id === null || id >= call.id) && read());
    return () => {
      isCurrent = false;
      stop();
    };
  }, []);
  const here = around.findIndex(({ id }) => id === call.id);
  if (here < 0 || around.length < 2) return null;
  const shown = around.slice(Math.max(0, here - MOST_BEFORE), here + 1 + MOST_AFTER);
  return html`<section class="drawer-part"><h3>${t('calls.chain')}</h3><ol class="chain">${shown.map((one) => html`<${Link} key=${one.id} call=${one} isHere=${one.id === call.id} />`)}</ol></section>`;
}

/** @param {{call: Call, isHere: boolean}} props */
function Link({ call, isHere }) {
  const { icon, tone, word } = look(call);
  const talked = call.duration_s ? formatLength(call.duration_s) : '';
  const more = [word, peopleOf(call), talked, outcomeName(call.outcome)].filter(Boolean).join(' · ');
  return html`<li class="chain-link" aria-current=${isHere ? 'true' : undefined}>
    <a href=${hrefOf(call.id)} onClick=${onPlain(() => openCall(call.id))}><span class=${`${tone}-text`}><${Icon} name=${icon} /></span>
      <time class="figures" datetime=${call.started_at} title=${formatExact(call.started_at)}>${formatWhen(call.started_at)}</time><span class="chain-more" dir="auto">${more}</span></a></li>`;
}
