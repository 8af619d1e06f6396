// @ts-check
import { useBlocked } from '../../../card/blocked.js';
import { BlockedNote } from '../../../card/blocked-note.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';

/** Whether the number is blocked, and the way there and back; a client's number is asked about first. @param {{phone: string}} props */
export function BlockedLine({ phone }) {
  const { known, isAsked, act, free } = useBlocked(phone);
  if (!known) return null;
  if (known.blocked) return html`<${BlockedNote} blocked=${known.blocked} free=${free} />`;
  return html`<p class="blocked-line"><span class="muted">${t(isAsked ? 'block.sure' : 'block.more')}</span>
    <button type="button" class="button small" onClick=${act}><${Icon} name="ban" />${t(isAsked ? 'block.insist' : 'block.do')}</button></p>`;
}
