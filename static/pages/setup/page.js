// @ts-check
import { useState } from '../../vendor/hooks.mjs';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { me } from '../../core/session.js';
import { Alone } from '../../ui/alone.js';
import { AdminStep } from './admin-step.js';
import { CallStep } from './call-step.js';
import { forget, keep, kept } from './kept.js';
import { PbxStep } from './pbx-step.js';
import { PeopleStep } from './people-step.js';

/** @typedef {import('../../core/types.js').Integration} Integration */

const STEPS = 4;

/** One step at a time. @param {{token: string, connected: Integration|null, onUsed: () => void}} props */
export function SetupPage({ token, connected, onUsed }) {
  const [step, setStep] = useState(() => firstStep(connected));
  const [integration, setIntegration] = useState(connected);
  const go = (/** @type {number} */ next) => {
    keep('step', String(next));
    setStep(next);
  };
  const leave = () => {
    forget('step');
    location.assign('/');
  };
  return html`<${Alone} wide>
    <div class="panel">
      <div>
        <p class="hint">${t('setup.step', { n: step, of: STEPS })}</p>
        <ol class="steps" aria-hidden="true">${Array.from({ length: STEPS }, (_, index) => html`<li key=${index} class=${index < step ? 'passed' : ''}></li>`)}</ol>
      </div>
      ${step === 1 && html`<${AdminStep} token=${token} onDone=${() => { onUsed(); go(2); }} />`}
      ${step === 2 && html`<${PbxStep} integration=${integration} onMade=${setIntegration} onDone=${() => go(3)} onSkip=${leave} />`}
      ${step === 3 && integration && html`<${PeopleStep} integration=${integration} onBack=${() => go(2)} onDone=${() => go(4)} />`}
      ${step === 4 && html`<${CallStep} />`}
    </div>
  <//>`;
}

/** Where this tab was; another tab goes on with what is there. @param {Integration|null} connected */
function firstStep(connected) {
  if (!me.value) return 1;
  if (!connected) return 2;
  const was = Number(kept('step'));
  return was >= 2 && was <= STEPS ? was : 3;
}
