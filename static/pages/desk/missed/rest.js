// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { block } from '../../../card/block.js';
import { isNamed, isNumber } from '../../../card/who.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { hint } from '../../../core/keys.js';
import { Icon } from '../../../ui/icon.js';
import { asking, clientOf, release, take } from './actions.js';
import { isMine } from './keys.js';

/** @typedef {import('../../../core/types.js').MissedRow} MissedRow */

/** What a row can do beside calling back: seen under the pointer, with the focus, and behind "⋯". @param {{row: MissedRow}} props */
export function Rest({ row }) {
  const [isOpen, setOpen] = useState(false);
  const who = clientOf(row);
  const ask = (/** @type {'snooze'|'close'} */ what) => (asking.value = { id: row.id, what });
  return html`<button type="button" class="icon-button missed-more" aria-expanded=${isOpen} aria-label=${t('missed.more', { who })} onClick=${() => setOpen(!isOpen)}>⋯</button>
    <span class=${`missed-rest ${isOpen ? 'open' : ''}`}>
      ${isMine(row) || row.state === 'snoozed'
        ? html`<${Act} icon="history" words=${t(row.state === 'snoozed' ? 'missed.undo' : 'missed.release')} keys=${row.state === 'snoozed' ? '' : hint('board.take')} who=${who} act=${() => release(row)} />`
        : html`<${Act} icon="hand" words=${t('missed.take')} keys=${hint('board.take')} who=${who} act=${() => take(row)} />`}
      <${Act} icon="clock" words=${t('missed.snooze')} keys=${hint('board.snooze')} who=${who} act=${() => ask('snooze')} />
      <${Act} icon="check" words=${t('missed.close')} keys=${hint('board.close')} who=${who} act=${() => ask('close')} />
      ${!isNamed(row.contact) && isNumber(row.number) && html`<${Act} icon="ban" words=${t('block.do')} keys="" who=${who} act=${() => block(row.number)} />`}
    </span>`;
}

/** @param {{icon: string, words: string, keys: string, who: string, act: () => void}} props */
function Act({ icon, words, keys, who, act }) {
  return html`<button type="button" class="icon-button" title=${words + keys} aria-label=${`${words}: ${who}`} onClick=${act}><${Icon} name=${icon} /><span>${words}</span></button>`;
}
