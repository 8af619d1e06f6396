// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { Alone } from '../../ui/alone.js';
import { AdminStep } from './admin-step.js';
import { CallStep } from './call-step.js';
import { PbxStep } from './pbx-step.js';
import { PeopleStep } from './people-step.js';

/** @typedef {import('../../core/types.js').Integration} Integration */

const STEPS = 4;

/** One step at a time. @param {{token: string, onUsed: () => void}} props */
export function SetupPage({ token, onUsed }) {
  const [step, setStep] = useState(me.value ? 2 : 1);
  const [integration, setIntegration] = useState(/** @type {Integration|null} */ (null));
  const made = (/** @type {Integration} */ created) => {
    setIntegration(created);
    setStep(3);
  };
  return html`<${Alone} wide>
    <div class="panel">
      <div>
        <p class="hint">${t('setup.step', { n: step, of: STEPS })}</p>
        <ol class="steps" aria-hidden="true">${Array.from({ length: STEPS }, (_, index) => html`<li key=${index} class=${index < step ? 'passed' : ''}></li>`)}</ol>
      </div>
      ${step === 1 && html`<${AdminStep} token=${token} onDone=${() => { onUsed(); setStep(2); }} />`}
      ${step === 2 && html`<${PbxStep} integration=${integration} onDone=${made} onSkip=${() => setStep(4)} />`}
      ${step === 3 && integration && html`<${PeopleStep} integration=${integration} onBack=${() => setStep(2)} onDone=${() => setStep(4)} />`}
      ${step === 4 && html`<${CallStep} />`}
    </div>
  <//>`;
}
