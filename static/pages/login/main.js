// @ts-check
/** /login: in, and back to where the person wanted to be. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me, recognise, safeNext } from '../../core/session.js';
import { start } from '../../core/start.js';
import { LoginForm } from './form.js';

const goOn = () => location.replace(safeNext(new URLSearchParams(location.search).get('next')));
/** An admin who must have a second factor is led to it. @param {import('../../core/types.js').Me} signedIn */
const begin = (signedIn) => (signedIn.second_factor === 'needed' ? location.replace('/settings/security') : goOn());

start({ title: () => t('title.login'), part: 'setup', show: () => html`<${LoginForm} onDone=${begin} />` });
recognise().then(() => {
  if (me.value) goOn();
});
