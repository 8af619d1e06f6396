// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { formatExact } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { list } from '../../../core/list.js';
import { on } from '../../../live/topics.js';
import { More } from '../../../ui/more.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { Moment } from './moment.js';

/** @typedef {import('../../../core/types.js').TimelineItem} TimelineItem */

/** What there was with a client, newest first. @param {{contact: import('../../../core/types.js').Contact}} props */
export function Timeline({ contact }) {
  const { id } = contact;
  const [past] = useState(() => list({
    size: 30,
    page: (limit, cursor) => api.timeline(id, limit, cursor),
    one: () => Promise.reject(new Error('a timeline is read as a whole')),
    at: (/** @type {TimelineItem & {rev?: number}} */ item) => item.at,
  }));
  useEffect(() => {
    past.refresh();
    const ways = [on('snapshot', past.refresh), on('call', past.refresh), on('promise', past.refresh), on('contact', (changed) => (changed.id === id || changed.id === null) && past.refresh())];
    return () => ways.forEach((stop) => stop());
  }, []);
  const items = past.items.value;
  if (items === null) return html`<${Skeleton} rows=${5} />`;
  return html`<ol class="timeline">${items.map((item) => html`<${Moment} key=${item.id} item=${item} />`)}
      ${past.next.value === null && html`<li class="moment muted"><span class="moment-mark"></span><p>${t('contacts.made', { when: formatExact(contact.created_at) })}</p></li>`}</ol>
    <${More} list=${past} />`;
}
