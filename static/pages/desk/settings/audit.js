// @ts-check
import { useEffect, useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { formatExact, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { has, loadPart, t } from '../../../core/i18n.js';
import { list } from '../../../core/list.js';
import { Icon } from '../../../ui/icon.js';
import { More } from '../../../ui/more.js';
import { Skeleton } from '../../../ui/skeleton.js';

await loadPart('security');

/** @typedef {import('../../../core/types.js').AuditEntry} AuditEntry */

/** What an act is shown by, from the first words of its name. @type {[string, string][]} */
const ICONS = [['user', 'user'], ['invite', 'user'], ['set', 'settings'], ['signed_in', 'check'], ['signed', 'log-out'], ['api_token', 'key-round'], ['second', 'hand'], ['integration', 'plug'], ['crm', 'key-round'], ['contact_', 'delete'], ['contacts_merged', 'users'], ['merge_', 'users'], ['contacts', 'download'], ['recording', 'play'], ['person_exported', 'download'], ['person_erased', 'delete']];

/** Who did what: the newest first. */
export function Audit() {
  const [entries] = useState(() => list({ size: 50, page: api.audit, one: () => Promise.reject(new Error('rows come by the page')), at: (/** @type {AuditEntry & {rev?: number}} */ entry) => entry.at }));
  useEffect(() => entries.refresh(), []);
  const rows = entries.items.value;
  return html`<section class="panel"><h2>${t('settings.audit')}</h2><p class="panel-more hint">${t('audit.more')}</p>
    ${rows === null ? html`<${Skeleton} rows=${6} />` : rows.length === 0 ? html`<p class="empty">${t('audit.none')}</p>`
      : html`<ul class="rows">${rows.map((entry) => html`<${Row} key=${entry.id} entry=${entry} />`)}</ul><${More} list=${entries} />`}
    ${rows !== null && html`<div class="panel-foot"><button type="button" class="button" onClick=${entries.refresh}>${t('doctor.again')}</button></div>`}</section>`;
}

/** @param {{entry: AuditEntry}} props */
function Row({ entry: { at, action, by, token, address, about, role, fields } }) {
  const icon = ICONS.find(([start]) => action?.startsWith(start))?.[1] ?? 'history';
  const more = [by ? by.name || by.login : t('audit.command'), token && t('audit.by_token', { name: token }), address, role && t('audit.role', { role: t(`people.role.${role}`) }), fields.map(nameOf).join(', ')];
  const call = action === 'recording_played' && about;
  return html`<li class="row"><span class="row-icon"><${Icon} name=${icon} /></span>
    <div class="row-main"><p class="row-title">${t(action ? `audit.${action}` : 'audit.newer')} ${about?.name && html`<span dir="auto">${about.name}</span>`}
        <time class="row-time" datetime=${at} title=${formatExact(at)}>${formatWhen(at)}</time></p>
      <p class="row-more muted">${more.filter(Boolean).map((part, index) => html`<span key=${index} dir="auto">${part}</span>`)}
        ${call && html`<a href=${`/calls?call=${encodeURIComponent(call.id)}`}>${t('outbox.call')}</a>`}</p></div></li>`;
}

/** What a member is called where it is changed. @param {string} field */
function nameOf(field) {
  const key = ['field', 'rules', 'hours', 'display'].map((section) => `${section}.${field}`).find(has);
  return key ? t(key) : field;
}
