// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { block, unblock } from '../../../card/block.js';
import * as api from '../../../core/api.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { on } from '../../../live/topics.js';
import { Icon } from '../../../ui/icon.js';

/** Whether the number is blocked, and the way there and back; a client's number is asked about first. @param {{phone: string}} props */
export function BlockedLine({ phone }) {
  const [known, setKnown] = useState(/** @type {import('../../../core/types.js').PhoneNumber|null} */ (null));
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    const read = () => api.number(phone).then(setKnown, () => setKnown(null));
    read();
    const ways = [on('snapshot', read), on('number', ({ id }) => (id === null || id === phone) && read())];
    return () => ways.forEach((stop) => stop());
  }, [phone]);
  if (!known) return null;
  const { blocked, contacts } = known;
  if (blocked) {
    const parts = [formatWhen(blocked.at), blocked.by?.name, blocked.why].filter(Boolean);
    return html`<p class="blocked-line" data-blocked><span><${Icon} name="ban" /> <strong>${t('block.is')}</strong> <span class="muted" dir="auto">${parts.join(', ')}</span></span>
      <button type="button" class="button small" onClick=${() => unblock(phone)}>${t('block.undo')}</button></p>`;
  }
  const isClients = contacts.some(({ name, company }) => name || company);
  const act = () => {
    if (isClients && !isAsked) return setAsked(true);
    setAsked(false);
    return block(phone, { force: isClients });
  };
  return html`<p class="blocked-line"><span class="muted">${t(isAsked ? 'block.sure' : 'block.more')}</span>
    <button type="button" class="button small" onClick=${act}><${Icon} name="ban" />${t(isAsked ? 'block.insist' : 'block.do')}</button></p>`;
}
