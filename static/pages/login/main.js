// @ts-check
/** /login: in, and back to where the person wanted to be. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me, recognise, safeNext } from '../../core/session.js';
import { start } from '../../core/start.js';
import { LoginForm } from './form.js';

const goOn = () => location.replace(safeNext(new URLSearchParams(location.search).get('next')));

start({ title: () => t('title.login'), part: 'setup', show: () => html`<${LoginForm} onDone=${goOn} />` });
recognise().then(() => {
  if (me.value) goOn();
});
