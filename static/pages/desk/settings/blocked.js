// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import { block, unblock } from '../../../card/block.js';
import { nameOf } from '../../../card/who.js';
import * as api from '../../../core/api.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { on } from '../../../live/topics.js';
import { CopyButton } from '../../../ui/copy.js';
import { Asked, useAsked } from './asked.js';

/** @typedef {import('../../../core/types.js').PhoneNumber} PhoneNumber */

/** The numbers of which nobody hears. Our PBX cannot be told so: its own black list takes what is copied here. */
export function Blocked() {
  const [answer, again] = useAsked(api.blockedNumbers);
  useEffect(() => {
    const ways = [on('snapshot', again), on('number', again)];
    return () => ways.forEach((stop) => stop());
  }, []);
  const show = (/** @type {{items: PhoneNumber[]}} */ { items }) => (items.length === 0
    ? html`<p class="empty">${t('block.none')}</p>`
    : html`<ul class="rows">${items.map((one) => html`<${Row} key=${one.number} one=${one} />`)}</ul>
      <p class="panel-foot blocked-copy"><span class="hint">${t('block.copy_more')}</span><${CopyButton} text=${items.map(({ number }) => number).join('\n')} label=${t('block.copy')} /></p>`);
  return html`<${Asked} title=${t('settings.blocked')} more=${t('block.about')} answer=${answer} show=${show} />
    <section class="panel"><h2>${t('block.add')}</h2><${Add} /></section>`;
}

/** @param {{one: PhoneNumber}} props */
function Row({ one }) {
  const { blocked } = one;
  const who = one.contacts.map(nameOf).find(Boolean);
  const more = [who, blocked?.why, blocked?.by?.name, blocked && formatWhen(blocked.at), t('card.calls', { n: one.calls_count })];
  return html`<li class="row" data-blocked=${one.number}><div class="row-main"><p class="row-title figures">${one.number_formatted}</p>
      <p class="row-more muted" dir="auto">${more.filter(Boolean).join(' · ')}</p></div>
    <button type="button" class="button small" aria-label=${`${t('block.undo')}: ${one.number_formatted}`} onClick=${() => unblock(one.number)}>${t('block.undo')}</button></li>`;
}

/** One that has not called yet. */
function Add() {
  const [typed, setTyped] = useState({ number: '', why: '' });
  const type = (/** @type {string} */ name) => (/** @type {any} */ event) => setTyped({ ...typed, [name]: event.currentTarget.value });
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await block(typed.number, { why: typed.why })) setTyped({ number: '', why: '' });
  };
  return html`<form class="panel-foot line-row" onSubmit=${add}>
    <input type="tel" required maxlength="40" autocomplete="off" aria-label=${t('rules.number')} placeholder=${t('rules.number')} value=${typed.number} onInput=${type('number')} />
    <input maxlength="200" autocomplete="off" aria-label=${t('block.why')} placeholder=${t('block.why')} value=${typed.why} onInput=${type('why')} />
    <button class="button">${t('block.do')}</button></form>`;
}
