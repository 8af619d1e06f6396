// @ts-check
import { CallList } from '../../../card/calls.js';
import { calls } from '../../../card/lists.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/** The last calls, whoever had them. */
export function View() {
  return html`<div class="view"><h1>${t('nav.calls')}</h1>
    <section class="panel"><${CallList} list=${calls} /></section></div>`;
}
