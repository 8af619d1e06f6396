// @ts-check
import { html } from '../../../core/html.js';
import { loadPart } from '../../../core/i18n.js';
import { route } from '../../../core/router.js';
import { ContactPage } from './contact-page.js';
import { ContactList } from './list.js';
import { NewContact } from './new-contact.js';

await loadPart('contacts');

/** All contacts, a new one, or the one that the address names. */
export function View() {
  const id = route.value.path.split('/')[2];
  if (id === 'new') return html`<${NewContact} />`;
  return id ? html`<${ContactPage} key=${id} id=${decodeURIComponent(id)} />` : html`<${ContactList} />`;
}
