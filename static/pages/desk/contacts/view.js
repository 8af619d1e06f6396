// @ts-check
import { html } from '../../../core/html.js';
import { loadPart } from '../../../core/i18n.js';
import { route } from '../../../core/router.js';
import { loadStyle } from '../../../core/styles.js';
import { Loaded } from '../loaded.js';
import { ContactPage } from './contact-page.js';
import { ContactList } from './list.js';
import { NewContact } from './new-contact.js';

await Promise.all([loadPart('contacts'), loadStyle('contacts')]);

/** @param {any} waiting */
const aside = (waiting) => html`<div class="view"><section class="panel">${waiting}</section></div>`;

/** All contacts, a new one, a file of them, who may be one, or the one that the address names. */
export function View() {
  const id = route.value.path.split('/')[2];
  if (id === 'new') return html`<${NewContact} />`;
  if (id === 'import') return html`<${Loaded} key="import" name="contacts/import" load=${async () => (await import('./import/page.js')).ImportPage} around=${aside} />`;
  if (id === 'duplicates') return html`<${Loaded} key="duplicates" name="contacts/duplicates" load=${async () => (await import('./merge/duplicates.js')).DuplicatesPage} around=${aside} />`;
  if (id === 'merge') return html`<${Loaded} key="merge" name="contacts/merge" load=${async () => (await import('./merge/page.js')).MergePage} around=${aside} />`;
  return id ? html`<${ContactPage} key=${id} id=${decodeURIComponent(id)} />` : html`<${ContactList} />`;
}
