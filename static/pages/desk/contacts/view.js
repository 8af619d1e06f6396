// @ts-check
import { html } from '../../../core/html.js';
import { route } from '../../../core/router.js';
import { ContactPage } from './contact-page.js';
import { ContactList } from './list.js';

/** All contacts, or the one that the address names. */
export function View() {
  const id = route.value.path.split('/')[2];
  return id ? html`<${ContactPage} key=${id} id=${decodeURIComponent(id)} />` : html`<${ContactList} />`;
}
