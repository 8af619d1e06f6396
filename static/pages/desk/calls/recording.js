// @ts-check
import { useState } from '../../../vendor/hooks.mjs';
import * as api from '../../../core/api.js';
import { sayWhy } from '../../../core/errors.js';
import { formatClock, formatWhen } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { hint } from '../../../core/keys.js';
import { me } from '../../../core/session.js';
import { Icon } from '../../../ui/icon.js';
import { attempt } from '../../../ui/toast.js';
import { playing, toggle } from './listen.js';

/** @typedef {import('../../../core/types.js').Call} Call */

/** Whether I have listened to it. @param {Call} call */
export const isHeard = (call) => call.recording.heard_by.some(({ id }) => id === me.value?.id);

/** What becomes of the recording, or nothing when there is none. @param {Call} call */
export function recordingWords({ recording }) {
  const { state, why, next_try_at: at, heard_by: heard } = recording;
  if (state === 'ready') return heard.length > 0 ? t('listen.heard', { who: heard.map(({ name, login }) => name || login).join(', ') }) : t('listen.unheard');
  if (state === 'waiting') return why && at ? t('listen.again_at', { why: sayWhy(/** @type {any} */ (why)), when: formatWhen(at) }) : t('listen.coming');
  return why ? sayWhy(/** @type {any} */ (why)) : '';
}

/** The recording in the drawer: play it, or see why it is not there. @param {{call: Call}} props */
export function RecordingPart({ call }) {
  const [isBusy, setBusy] = useState(false);
  const { state, why, duration_s: length } = call.recording;
  if (state === 'none' && !why) return null;
  const isOn = playing.value?.call.id === call.id && playing.value.isPlaying;
  const fetchIt = async () => {
    setBusy(true);
    await attempt(() => api.fetchRecording(call.id));
    setBusy(false);
  };
  return html`<section class="drawer-part recording" aria-label=${t('calls.recording')}>
    ${state === 'ready' && html`<button type="button" class="button" onClick=${() => toggle(call)} title=${t(isOn ? 'listen.pause' : 'listen.play') + hint('listen.play')}><${Icon} name=${isOn ? 'pause' : 'play'} />${t(isOn ? 'listen.pause' : 'calls.listen')}${length !== null && html` <span class="figures muted">${formatClock(length)}</span>`}</button>`}
    <p class="hint">${recordingWords(call)}</p>
    ${(state === 'failed' || (state === 'waiting' && why)) && html`<button type="button" class="button small" disabled=${isBusy} onClick=${fetchIt}>${t('listen.fetch')}</button>`}
  </section>`;
}

/** Plays it from its row. @param {{call: Call, who: string}} props */
export function PlayButton({ call, who }) {
  const isOn = playing.value?.call.id === call.id && playing.value.isPlaying;
  const label = t(isOn ? 'listen.pause' : 'listen.of', { who });
  return html`<button type="button" class=${`icon-button small call-line-play ${isOn ? 'on' : ''}`} title=${label} aria-label=${label} onClick=${() => toggle(call)}><${Icon} name=${isOn ? 'pause' : 'play'} /></button>`;
}
