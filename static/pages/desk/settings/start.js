// @ts-check
import * as api from '../../../core/api.js';
import { formatPhone, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';
import { Trial } from '../../../card/trial.js';
import { Asked, useAsked } from './asked.js';
import { formFor } from './unknown-people.js';

/** @typedef {{step: string, done: boolean, proof?: string, href: string}} Step */

/** What is to be done until a call finds its person, each with its proof; it stays until all of it is done. */
export function Start() {
  const [answer] = useAsked(read);
  const steps = Array.isArray(answer) ? answer : [];
  const done = steps.filter((step) => step.done).length;
  return html`<${Asked} title=${steps.length ? t('start.done', { done, of: steps.length }) : t('settings.start')} answer=${answer} foot=${html`<div class="panel-foot"><${Trial} /></div>`}
    show=${(/** @type {Step[]} */ all) => html`<ol class="rows">${all.map((step) => html`<${Row} key=${step.step} step=${step} />`)}</ol>`} />`;
}

/** @param {{step: Step}} props */
function Row({ step: { step, done, proof, href } }) {
  return html`<li class="row"><span class=${`row-icon ${done ? 'good' : ''}`}><${Icon} name=${done ? 'check' : 'arrow-right'} /></span>
    <div class="row-main"><p class="row-title"><a class="row-open" href=${href}>${t(`start.${step}`)}</a> ${done && html`<span class="badge good">${t('start.ready')}</span>`}</p>
      <p class="row-more muted">${proof || t(`start.${step}_more`)}</p></div></li>`;
}

/** @returns {Promise<Step[]>} */
async function read() {
  const [{ items: integrations }, { items: people }, settings, { items: findings }, { items: unnamed }] = await Promise.all([api.integrations(), api.users(), api.settings(), api.doctor(), api.unnamed()]);
  const pbx = integrations.find(({ kind }) => kind === 'cloud-pbx');
  const heard = findings.map(({ why }) => why).find((why) => why.code === 'push_last');
  const isSafe = findings.some(({ why }) => why.code === 'address_safe');
  const [strangers, numbers] = [unnamed.filter(({ kind, is_nobody: isNobody }) => kind === 'account' && !isNobody), unnamed.filter(({ kind }) => kind === 'number')];
  const [[stranger], [nameless]] = [strangers, numbers];
  const withLine = people.filter(({ lines }) => lines?.length);
  return [
    { step: 'pbx', done: pbx !== undefined, proof: pbx?.name, href: pbx ? '/settings/integrations' : '/settings/integrations?new=cloud-pbx' },
    { step: 'people', done: people.length > 1, proof: people.length > 1 ? t('start.people_count', { n: people.length }) : '', href: '/settings/people' },
    { step: 'lines', done: withLine.length > 0 && !stranger, proof: stranger ? t('start.who', { names: some(strangers.map(({ name }) => name)) }) : some(withLine.map(({ name, login }) => name || login)), href: stranger ? formFor(stranger) : '/settings/people' },
    { step: 'push', done: heard !== undefined, proof: heard && 'at' in heard.params ? t('integrations.heard', { when: formatWhen(heard.params.at) }) : '', href: '/settings/journal' },
    { step: 'numbers', done: settings.numbers.length > 0 && !nameless, proof: nameless ? t('start.what', { numbers: some(numbers.map(({ name }) => formatPhone(name))) }) : some(settings.numbers.map(({ label, number }) => label || number)), href: `/settings/rules${nameless ? `?number=${encodeURIComponent(nameless.name)}` : ''}` },
    { step: 'hours', done: settings.working_hours !== null, proof: settings.working_hours?.zone, href: '/settings/hours' },
    { step: 'address', done: isSafe, proof: isSafe ? t('found.address_safe') : '', href: '/settings/health' },
  ];
}

/** The first of them, one after another. @param {string[]} names */
const some = (names) => names.slice(0, 5).join(', ');
