// @ts-check
import { useEffect, useState } from '../../../../vendor/hooks.mjs';
import * as api from '../../../../core/api.js';
import { explain } from '../../../../core/errors.js';
import { html } from '../../../../core/html.js';
import { loadPart, t } from '../../../../core/i18n.js';
import { amend, go, route } from '../../../../core/router.js';
import { loadStyle } from '../../../../core/styles.js';
import { Search } from '../../../../ui/search.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { attempt, say } from '../../../../ui/toast.js';
import { shown } from './duplicates.js';
import { CHOSEN, JOINED, saidOf } from './fields.js';

await Promise.all([loadPart('merge'), loadPart('refusals'), loadStyle('import')]);

/** @typedef {import('../../../../core/types.js').Contact} Contact */
/** @typedef {'mine'|'theirs'} Side */

/** Two contacts side by side: what stays is chosen, then they are one. */
export function MergePage() {
  const { query } = route.value;
  const [mine, theirs] = [query.get('mine') ?? '', query.get('theirs') ?? ''];
  return html`<div class="view merge-view"><p><a href="/contacts/duplicates">${t('merge.back')}</a></p><h1>${t('merge.title')}</h1>
    ${theirs ? html`<${Two} key=${mine + theirs} ids=${[mine, theirs]} />` : html`<${Other} mine=${mine} />`}</div>`;
}

/** Who else it is. @param {{mine: string}} props */
function Other({ mine }) {
  const [q, setQ] = useState('');
  const [found, setFound] = useState(/** @type {Contact[]|null} */ (null));
  useEffect(() => {
    if (!q) return;
    attempt(async () => setFound((await api.findContacts(q)).items.filter(({ id }) => id !== mine)));
  }, [q]);
  return html`<section class="panel merge-other"><p>${t('merge.with')}</p><${Search} q=${q} label=${t('contacts.search')} onSearch=${setQ} />
    ${found && (found.length === 0 ? html`<p class="empty">${t('contacts.nobody', { q })}</p>` : html`<ul class="rows">${found.map((one) => html`<li class="row" key=${one.id}>
      <div class="row-main"><p class="row-title" dir="auto">${shown(one)}</p><p class="row-more muted"><span dir="auto">${[one.company, saidOf('phones', one)].filter(Boolean).join(', ')}</span></p></div>
      <button type="button" class="button small" onClick=${() => amend({ theirs: one.id })}>${t('merge.compare')}</button></li>`)}</ul>`)}</section>`;
}

/** @param {{ids: string[]}} props */
function Two({ ids }) {
  const [two, setTwo] = useState(/** @type {Contact[]|null} */ (null));
  const [chosen, setChosen] = useState(/** @type {Record<string, Side>} */ ({}));
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    Promise.all(ids.map((id) => api.contact(id))).then(setTwo, (refusal) => setError(explain(refusal)));
  }, []);
  if (!two) return html`<section class="panel">${error ? html`<p class="empty bad-text" role="alert">${error}</p>` : html`<${Skeleton} rows=${6} />`}</section>`;
  const [mine, theirs] = /** @type {[Contact, Contact]} */ (two);
  if (mine.id === theirs.id) return html`<section class="panel"><p class="empty"><strong>${t('error.merged_already')}</strong> <a href=${`/contacts/${encodeURIComponent(mine.id)}`}>${t('merge.open')}</a></p></section>`;
  const merge = async () => {
    setBusy(true);
    setError('');
    try {
      const { contact, task } = await api.mergeContacts(mine.id, theirs.id, chosen);
      go(`/contacts/${encodeURIComponent(contact.id)}`);
      say({ text: t('merge.done', { who: shown(contact) }), label: t('contacts.undo'), undo: () => attempt(() => api.undoTask(task.id)) });
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  return html`<section class="panel"><table class="merge-table"><caption class="out-of-sight">${t('merge.title')}</caption>
      <thead><tr><td></td>${two.map((contact) => html`<th scope="col" key=${contact.id}><a href=${`/contacts/${encodeURIComponent(contact.id)}`} dir="auto">${shown(contact)}</a></th>`)}</tr></thead>
      <tbody>${CHOSEN.map((field) => html`<${Field} key=${field} field=${field} two=${two} chosen=${chosen[field]} onChoose=${(/** @type {Side} */ side) => setChosen({ ...chosen, [field]: side })} />`)}
        ${JOINED.map((field) => html`<${Joined} key=${field} field=${field} two=${two} />`)}</tbody></table>
    <p class="hint merge-hint">${t('merge.more')}</p>${error && html`<p class="error merge-hint" role="alert">${error}</p>`}
    <div class="panel-foot buttons"><button type="button" class="button primary" disabled=${isBusy} onClick=${merge}>${t('merge.run')}</button>
      <button type="button" class="button" disabled=${isBusy} onClick=${() => amend({ mine: theirs.id, theirs: mine.id })}>${t('merge.swap')}</button></div></section>`;
}

/** Which of two values stays. @param {{field: string, two: Contact[], chosen: Side|undefined, onChoose: (side: Side) => void}} props */
function Field({ field, two, chosen, onChoose }) {
  const values = two.map((contact) => saidOf(field, contact));
  const label = t(field === 'responsible' ? 'card.responsible' : `contact.${field}`);
  if (values[0] === values[1]) return values[0] ? html`<tr><th scope="row">${label}</th><td colspan="2" class="pre" dir="auto">${values[0]}</td></tr>` : null;
  const isJoined = field === 'note' && values.every(Boolean);
  const stays = chosen ?? (isJoined ? null : stayingOf(field, two, values));
  return html`<tr><th scope="row">${label}${isJoined && html` <span class="hint">${t('merge.joined_unless')}</span>`}</th>${values.map((value, index) => {
    const side = index === 0 ? 'mine' : 'theirs';
    return html`<td key=${side}><label class=${`merge-choice ${stays === side || stays === null ? 'stays' : ''}`}><input type="radio" name=${`merge-${field}`} checked=${stays === side} onChange=${() => onChoose(side)} />
      <span class=${value ? 'pre' : 'muted'} dir="auto">${value || t('contact.empty')}</span></label></td>`;
  })}</tr>`;
}

/** What the server keeps when nobody chooses. @param {string} field @param {Contact[]} two @param {string[]} values @returns {Side} */
function stayingOf(field, two, values) {
  if (field === 'kind') return two[0]?.kind === 'client' ? 'mine' : 'theirs';
  if (field === 'vip') return two[0]?.vip ? 'mine' : 'theirs';
  return values[0] ? 'mine' : 'theirs';
}

/** What is of both. @param {{field: string, two: Contact[]}} props */
function Joined({ field, two }) {
  const values = two.map((contact) => saidOf(field, contact));
  if (values.every((value) => !value)) return null;
  return html`<tr><th scope="row">${t(`contact.${field}`)} <span class="hint">${t('merge.joined')}</span></th>${values.map((value, index) => html`<td key=${index} class="pre" dir="auto">${value}</td>`)}</tr>`;
}
