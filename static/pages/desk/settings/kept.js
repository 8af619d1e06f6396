// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import { nameOf } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { formatExact, formatPhone } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { Asked, useAsked } from './asked.js';

await loadPart('kept');

/** @typedef {import('../../../core/types.js').Kept} Kept */
/** @typedef {import('../../../core/types.js').KeptOfPerson} KeptOfPerson */

/** What is kept, how much and for how long; and one person's data, taken out or erased. */
export function KeptData() {
  const [answer, again] = useAsked(api.kept);
  return html`<${Asked} title=${t('kept.title')} more=${t('kept.more')} answer=${answer} show=${(/** @type {{items: Kept[]}} */ { items }) => html`<${Kinds} items=${items} />`} />
    <section class="panel"><h2>${t('kept.person')}</h2><p class="panel-more hint">${t('kept.person_more')}</p><${Person} hasBackups=${typeof answer === 'object' && answer.items.some(({ kind }) => kind === 'backups')} onErased=${again} /></section>`;
}

/** @param {{items: Kept[]}} props */
function Kinds({ items }) {
  return html`<table class="kept-table"><thead><tr><th scope="col">${t('kept.what')}</th><th scope="col">${t('kept.count')}</th><th scope="col">${t('kept.since')}</th><th scope="col">${t('kept.days')}</th></tr></thead>
    <tbody>${items.map((one) => html`<tr key=${one.kind}><th scope="row">${t(`kept.kind.${one.kind}`)}</th>
      <td class="figures">${one.count ?? '—'}${one.size_bytes ? html` <span class="muted">${sizeOf(one.size_bytes)}</span>` : null}</td>
      <td class="figures">${one.oldest_at ? formatExact(one.oldest_at) : '—'}</td>
      <td>${one.days === null ? t(one.kind === 'backups' ? 'kept.replaced' : 'kept.for_ever') : t('kept.for_days', { n: one.days })}</td></tr>`)}</tbody></table>
    <p class="panel-foot"><a href="/settings/rules">${t('kept.change')}</a></p>`;
}

/** @param {number} bytes */
const sizeOf = (bytes) => t('kept.megabytes', { size: (bytes / 1_000_000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) });

/** A number is asked for; then what is kept of whoever has it. @param {{hasBackups: boolean, onErased: () => void}} props */
function Person({ hasBackups, onErased }) {
  const [number, setNumber] = useState('');
  const [found, setFound] = useState(/** @type {KeptOfPerson|null} */ (null));
  const [said, setSaid] = useState(/** @type {{text: string, bad?: boolean}|null} */ (null));
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const attempt = async (/** @type {() => Promise<void>} */ work) => {
    setBusy(true);
    setSaid(null);
    try {
      await work();
    } catch (refusal) {
      setSaid({ text: explain(refusal), bad: true });
    }
    setBusy(false);
  };
  const look = (/** @type {Event} */ event) => {
    event.preventDefault();
    setSure(false);
    attempt(async () => setFound(await api.personOf(number)));
  };
  const erase = () => attempt(async () => {
    const erased = await api.erasePerson(number);
    setFound(null);
    setSure(false);
    setSaid({ text: t('kept.erased', { contacts: erased.contacts, calls: erased.calls }) });
    onErased();
  });
  return html`<form class="panel-foot line-row kept-look" onSubmit=${look}>
      <input type="tel" required maxlength="40" autocomplete="off" aria-label=${t('kept.number')} placeholder=${t('kept.number')} value=${number} onInput=${(/** @type {any} */ event) => {
        setNumber(event.currentTarget.value);
        setFound(null);
      }} /><button class="button" disabled=${isBusy}>${t('kept.look')}</button></form>
    ${said && html`<p class=${`kept-said ${said.bad ? 'error' : ''}`} role=${said.bad ? 'alert' : 'status'}>${said.text}</p>`}
    ${found && html`<div class="kept-person"><p><strong dir="auto">${found.contacts.map(nameOf).filter(Boolean).join(', ') || t('kept.nobody')}</strong> <span class="muted figures">${found.numbers.map(formatPhone).join(', ')}</span></p>
      <dl class="kept-counts">${(/** @type {const} */ (['calls', 'notes', 'promises', 'recordings'])).map((name) => html`<div key=${name}><dt>${t(`kept.of.${name}`)}</dt><dd class="figures">${found[name]}</dd></div>`)}</dl>
      <div class="buttons"><a class="button" href=${`/api/numbers/${encodeURIComponent(number)}/person/data`} download><${Icon} name="download" />${t('kept.take_out')}</a>
        ${!isSure && html`<button type="button" class="button" onClick=${() => setSure(true)}><${Icon} name="delete" />${t('kept.erase')}</button>`}</div>
      ${isSure && html`<div class="caution"><p>${t('kept.erase_more')}${hasBackups && html` ${t('kept.backups_more')}`}</p><p class="buttons"><button type="button" class="button danger" disabled=${isBusy} onClick=${erase}>${t('kept.erase_now')}</button>
        <button type="button" class="button" disabled=${isBusy} onClick=${() => setSure(false)}>${t('contact.cancel')}</button></p></div>`}</div>`}`;
}
