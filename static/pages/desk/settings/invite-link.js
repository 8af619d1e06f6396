// @ts-check
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { ValueToCopy } from '../../../ui/value.js';

/** A link with which a person sets the password; it cannot be shown again. @param {{invite: import('../../../core/types.js').Invite}} props */
export const InviteLink = ({ invite }) => html`<div role="status"><p class="done">${t('people.invited')}</p></div>
  <${ValueToCopy} id="invite-link" label=${t('people.invite_link')} value=${invite.url} more=${t('people.invite_more', { until: formatWhen(invite.expires_at) })} />`;
