// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { nameOf, number } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { me } from '../../../core/session.js';
import { serverNow } from '../../../core/ticks.js';
import { on } from '../../../live/topics.js';
import { Icon } from '../../../ui/icon.js';

/** @typedef {import('../../../core/types.js').Promise} Promised */

/** What I promised for today and earlier and have not done, the next one by name. */
export function PromisedLine() {
  const [open, setOpen] = useState(/** @type {Promised[]} */ ([]));
  useEffect(() => {
    const read = () => api.openPromises(me.value?.id ?? '').then(({ items }) => setOpen(items), () => {});
    read();
    const ways = [on('snapshot', read), on('promise', read), on('due', read)];
    return () => ways.forEach((stop) => stop());
  }, []);
  const night = new Date(serverNow()).setHours(24, 0, 0, 0);
  const today = open.filter(({ due_at }) => Date.parse(due_at) < night).sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at));
  const next = today[0];
  if (!next) return null;
  const isLate = Date.parse(next.due_at) < serverNow();
  const who = nameOf(next.contact) || number(next.number, next.number_formatted);
  return html`<a class=${`home-link ${isLate ? 'bad' : ''}`} href="/calls?has=promise"><${Icon} name="calendar-clock" />
    <span dir="auto">${t('calls.promised', { n: today.length, when: formatWhen(next.due_at), who })}</span><${Icon} name="chevron-right" /></a>`;
}
