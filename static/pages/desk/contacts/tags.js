// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';

/** A client's tags: each leads to the clients that have it too. @param {{contact: import('../../../core/types.js').Contact, save: import('./facts.js').Save}} props */
export function Tags({ contact, save }) {
  const [typed, setTyped] = useState('');
  const { tags } = contact;
  const keep = (/** @type {string[]} */ wanted) => save({ tags: wanted }, { tags });
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    const tag = typed.trim();
    if (tag) keep([...tags, tag]).then(() => setTyped(''), () => {});
  };
  return html`<ul class="tags-edited">${tags.map((tag) => html`<li key=${tag} class="tag"><a href=${`/contacts?tag=${encodeURIComponent(tag)}`} dir="auto">${tag}</a>
      <button type="button" aria-label=${t('contacts.untag', { tag })} title=${t('contacts.untag', { tag })} onClick=${() => keep(tags.filter((one) => one !== tag)).catch(() => {})}><${Icon} name="x" /></button></li>`)}
    <li><form onSubmit=${add}><input class="tag-input" maxlength="50" autocomplete="off" aria-label=${t('contacts.add_tag')} placeholder=${t('contacts.add_tag')} value=${typed}
      onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></form></li></ul>`;
}
