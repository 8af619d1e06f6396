// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { explain } from '../../../core/errors.js';
import { html } from '../../../core/html.js';
import { loadPart, t } from '../../../core/i18n.js';
import { me, recognise } from '../../../core/session.js';
import { CopyButton } from '../../../ui/copy.js';
import { Password } from '../../../ui/password.js';
import { Switch } from '../../../ui/switch.js';
import { attempt, say } from '../../../ui/toast.js';
import { ValueToCopy } from '../../../ui/value.js';
import { useAsked } from './asked.js';
import { OwnPassword } from './own-password.js';
import { Sessions } from './sessions.js';

await loadPart('security');
await loadPart('setup');

/** @typedef {import('../../../core/types.js').Offer} Offer */

/** My second factor: turned on by a first code, off by the password; whether admins need one; where I am signed in. */
export function Security() {
  const [offer, setOffer] = useState(/** @type {Offer|null} */ (null));
  const [codes, setCodes] = useState(/** @type {string[]} */ ([]));
  const state = me.value?.second_factor;
  const begin = () => attempt(async () => setOffer(await api.offerSecondFactor()));
  const take = async (/** @type {string[]} */ recovery) => {
    setOffer(null);
    setCodes(recovery);
    await recognise();
  };
  return html`<section class="panel settings-form"><h2>${t('factor.title')}</h2>
      ${state === 'needed' && html`<p class="alert" role="alert">${t('factor.needed')}</p>`}
      <p class="hint">${t(state === 'on' ? 'factor.is_on' : 'factor.more')}</p>
      ${codes.length > 0 ? html`<${Recovery} codes=${codes} onDone=${() => setCodes([])} />`
        : state === 'on' ? html`<${Off} />`
          : offer ? html`<${FirstCode} offer=${offer} onDone=${take} />`
            : html`<div class="buttons"><button type="button" class="button primary" onClick=${begin}>${t('factor.begin')}</button></div>`}</section>
    ${me.value?.role === 'admin' && html`<${ForAdmins} />`}
    <${OwnPassword} /><${Sessions} />`;
}

/**
 * What a form of one field says, and how it is sent.
 * @param {(value: string) => Promise<unknown>} act @param {string} name
 * @returns {[string, (event: any) => Promise<void>]}
 */
function useField(act, name) {
  const [error, setError] = useState('');
  const submit = async (/** @type {any} */ event) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get(name));
    setError('');
    await act(value).catch((refusal) => setError(explain(refusal)));
  };
  return [error, submit];
}

/** @param {{offer: Offer, onDone: (codes: string[]) => Promise<void>}} props */
function FirstCode({ offer, onDone }) {
  const [error, confirm] = useField(async (code) => onDone((await api.confirmSecondFactor(code)).recovery_codes), 'code');
  return html`<form class="form" onSubmit=${confirm}>
    <p>${t('factor.scan')}</p><img class="qr" src=${offer.qr} alt=${t('factor.qr')} width="200" height="200" />
    <${ValueToCopy} id="factor-secret" label=${t('factor.secret')} value=${offer.secret} more=${t('factor.secret_more')} />
    <div class="field"><label for="factor-code">${t('factor.code')}</label>
      <input id="factor-code" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10" /></div>
    <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
    <div class="buttons"><button class="button primary">${t('factor.confirm')}</button></div></form>`;
}

/** @param {{codes: string[], onDone: () => void}} props */
function Recovery({ codes, onDone }) {
  return html`<div role="status"><p class="done">${t('factor.on')}</p></div>
    <p>${t('factor.recovery')}</p>
    <ul class="recovery-codes figures">${codes.map((code) => html`<li key=${code}>${code}</li>`)}</ul>
    <div class="buttons"><${CopyButton} text=${codes.join('\n')} label=${t('copy.do')} wide />
      <button type="button" class="button primary" onClick=${onDone}>${t('factor.kept')}</button></div>`;
}

function Off() {
  const [error, turnOff] = useField(async (password) => {
    await api.removeSecondFactor(password);
    await recognise();
    say({ text: t('factor.off') });
  }, 'password');
  return html`<form class="form" onSubmit=${turnOff}>
    <${Password} id="factor-password" name="password" label=${t('login.password')} more=${t('factor.password_more')} autocomplete="current-password" />
    <div role="alert">${error && html`<p class="alert">${error}</p>`}</div>
    <div class="buttons"><button class="button danger">${t('factor.turn_off')}</button></div></form>`;
}

/** Whoever has none himself would shut the settings to himself. */
function ForAdmins() {
  const [settings, again] = useAsked(api.settings);
  if (typeof settings !== 'object') return null;
  const change = (/** @type {boolean} */ on) => attempt(async () => {
    await api.changeSettings({ second_factor_for_admins: on });
    await again();
  });
  const has = me.value?.second_factor === 'on';
  return html`<section class="panel"><div class="settings-rows"><${Switch} id="factor-for-admins" label=${t('factor.for_admins')} more=${t(has ? 'factor.for_admins_more' : 'factor.for_admins_first')}
    on=${settings.second_factor_for_admins} disabled=${!has} onChange=${change} /></div></section>`;
}
