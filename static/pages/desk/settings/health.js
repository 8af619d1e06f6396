// @ts-check
import * as api from '../../../core/api.js';
import { formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { has, t } from '../../../core/i18n.js';
import { CopyButton } from '../../../ui/copy.js';
import { Icon } from '../../../ui/icon.js';
import { Asked, useAsked } from './asked.js';

/** @typedef {import('../../../core/types.js').Finding} Finding */

/** What the doctor found, what does not work first. */
export function Health() {
  const [answer, again] = useAsked(api.doctor);
  const items = typeof answer === 'object' ? answer.items : [];
  const foot = html`<div class="panel-foot buttons"><button type="button" class="button" onClick=${again}>${t('doctor.again')}</button>
    <${CopyButton} text=${forSupport(items)} label=${t('doctor.copy')} wide /></div>`;
  return html`<${Asked} title=${t('settings.health')} more=${t('doctor.more')} answer=${answer} foot=${foot}
    show=${(/** @type {{items: Finding[]}} */ found) => html`<ul class="rows">${quietly(found.items).map((one) => html`<${Row} key=${one.code + one.about + one.why.code} finding=${one} />`)}</ul>`} />`;
}

/** The loops that never failed are one line. @param {Finding[]} items @returns {Finding[]} */
function quietly(items) {
  const [first, ...more] = items.filter(({ why }) => why.code === 'job_well');
  return items.filter((one) => !more.includes(one)).map((one) => (one === first ? { ...one, about: '' } : one));
}

/** @param {{finding: Finding}} props */
function Row({ finding: { code, about, works, why } }) {
  /** @type {Record<string, any>} */
  const params = 'params' in why ? why.params : {};
  const said = { ...params, at: formatWhen(params.at ?? ''), n: params.failures ?? 0 };
  const job = code === 'job' && has(`job.${about}`) ? t(`job.${about}`) : about;
  return html`<li class="row"><span class=${`row-icon ${works ? 'good' : 'bad'}`}><${Icon} name=${works ? 'check' : 'triangle-alert'} /></span>
    <div class="row-main"><p class="row-title">${t(`doctor.${code}`)} ${job && html`<span class="muted" dir="auto">${job}</span>`}</p>
      <p class="row-more">${t(`found.${why.code}`, said)}</p></div></li>`;
}

/** Everything as one text, in the server's own words: for whoever helps. @param {Finding[]} items */
function forSupport(items) {
  return items.map(({ code, about, works, proof }) => `${works ? 'ok' : 'FAILS'} ${code}${about && ` ${about}`}: ${proof}`).join('\n');
}
