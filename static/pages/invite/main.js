// @ts-check
/** /invite: the link an admin gave → a password → the workplace. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { start } from '../../core/start.js';
import { InviteForm } from './form.js';

const KEPT = 'ringcard.invite';

/** The link's token leaves the address bar (and the history) at once; a reload of this tab still knows it. */
function takeLink() {
  if (location.hash) {
    sessionStorage.setItem(KEPT, location.hash.slice(1));
    history.replaceState(null, '', location.pathname);
  }
  return new URLSearchParams(sessionStorage.getItem(KEPT) ?? '');
}

const link = takeLink();
const goOn = () => {
  sessionStorage.removeItem(KEPT);
  location.replace('/');
};

start({
  title: () => t('title.invite'),
  part: 'setup',
  show: () => html`<${InviteForm} token=${link.get('token') ?? ''} login=${link.get('login') ?? ''} onDone=${goOn} />`,
});
