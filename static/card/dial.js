// @ts-check
import { useState } from '../vendor/hooks.mjs';
import { hasLine, linesToChoose, useDial } from './call-button.js';
import { formatTyped, typedAs } from './dialled.js';
import { useFound } from './found.js';
import { nameOf } from './who.js';
import { formatPhone } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from '../ui/icon.js';

/** @typedef {import('../core/types.js').Contact} Contact */
/** @typedef {import('./dialled.js').Typed} Typed */

/** A dial box for any number, and for the names of those whom we know. */
export function Dial() {
  const [text, setText] = useState('');
  const [integration, setIntegration] = useState('');
  const { busy, dial } = useDial();
  const { found } = useFound(text);
  const able = hasLine();
  const lines = linesToChoose();
  const typed = typedAs(text);
  const first = found?.[0]?.phones[0]?.number;
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (typed === 'number' && able && !busy) {
      if (await dial(text.trim(), integration || undefined)) setText('');
    } else if (typed === 'words' && first) setText(formatPhone(first));
  };
  return html`<section class="panel dial" aria-labelledby="dial-title">
    <h2 id="dial-title">${t('dial.title')}</h2>
    <form class="dial-form" onSubmit=${submit}>
      <input id="dial-phone" class="figures" type="search" autocomplete="off" aria-label=${t('dial.label')} placeholder=${t('dial.placeholder')}
        value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} aria-describedby="dial-answer" maxlength="64" />
      <button class="button primary" disabled=${busy || !able || !(typed === 'number' || (typed === 'words' && first))}><${Icon} name=${typed === 'words' ? 'check' : 'phone'} /><span>${t(busy ? 'dial.calling' : typed === 'words' ? 'dial.pick' : 'dial.call')}</span></button>
    </form>
    <div class="dial-more" tabindex="-1">${lines.length > 1 && html`<label class="dial-line hint">${t('dial.line')}
      <select value=${integration} onChange=${(/** @type {any} */ event) => setIntegration(event.currentTarget.value)}>
        ${lines.map((line, index) => html`<option key=${line.integration} value=${index ? line.integration : ''}>${[line.name, line.account].filter(Boolean).join(' · ')}</option>`)}
      </select></label>`}
    <div id="dial-answer" role="status">
      ${!able && html`<p class="hint warn-text">${t('dial.no_line')}</p>`}
      ${able && typed !== 'empty' && html`<p class="hint">${sentence(typed, text, found)}</p>`}
    </div>
    ${typed !== 'empty' && found && found.length > 0 && html`<${Found} found=${found} choose=${(/** @type {string} */ number) => setText(formatPhone(number))} />`}</div>
  </section>`;
}

/** The number as it will be dialled, or what is wrong with it. @param {Typed} typed @param {string} text @param {Contact[]|null} found */
function sentence(typed, text, found) {
  if (typed === 'number') return formatTyped(text);
  if (typed === 'words') return found === null ? t('dial.searching') : t(found.length > 0 ? 'dial.choose' : 'dial.nobody');
  return t(`dial.${typed}`, { phone: formatTyped(text) });
}

/** @param {{found: Contact[], choose: (number: string) => void}} props */
function Found({ found, choose }) {
  return html`<ul class="dial-found" aria-label=${t('dial.found')}>${found.flatMap((contact) => contact.phones.map(({ number }) => html`<li key=${contact.id + number}>
    <button type="button" class="match" onClick=${() => choose(number)}><span class="match-name" dir="auto">${nameOf(contact) || t('card.new_client')}</span><span class="figures muted">${formatPhone(number)}</span></button></li>`))}</ul>`;
}
