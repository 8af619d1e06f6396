// @ts-check
import { t } from '../core/i18n.js';

/** Direction and outcome as a shape, a tone and a word. @param {import('../core/types.js').Call} call */
export function look({ direction, state }) {
  const incoming = direction === 'in';
  switch (state) {
    case 'answered':
      return { icon: incoming ? 'phone-incoming' : 'phone-outgoing', tone: 'good', word: t(incoming ? 'calls.in' : 'calls.out') };
    case 'missed':
      return { icon: 'phone-missed', tone: 'bad', word: t('call.missed') };
    case 'talking':
      return { icon: 'phone-call', tone: 'good', word: t('call.talking') };
    case 'ringing':
      return { icon: incoming ? 'phone-incoming' : 'phone-outgoing', tone: 'live', word: t(incoming ? 'call.ringing' : 'call.out.ringing') };
    case 'requested':
      return { icon: 'clock', tone: 'live', word: t('call.requested') };
    default:
      return { icon: 'phone-off', tone: 'warn', word: t(`call.${state}`) };
  }
}
