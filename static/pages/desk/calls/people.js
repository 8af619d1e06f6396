// @ts-check
import { t } from '../../../core/i18n.js';

/** Who was rung and who answered, in one phrase. @param {import('../../../core/types.js').Call} call */
export function peopleOf(call) {
  const rung = new Set(call.legs.map(({ account }) => account)).size;
  const answered = call.user?.name ?? '';
  if (call.direction === 'out') return answered;
  if (call.state !== 'missed' && answered) return rung > 1 ? t('calls.rung_and', { n: rung, who: answered }) : answered;
  const names = [...new Set(call.legs.map(({ user, account }) => user?.name || account))];
  if (names.length === 0) return '';
  return names.length > 1 ? t('calls.rung', { n: names.length }) : t('calls.rung_one', { who: names[0] ?? '' });
}

/** The same by all their names. @param {import('../../../core/types.js').Call} call */
export const namesOf = (call) => [...new Set(call.legs.map(({ user, account }) => user?.name || account))].join(', ') || (call.user?.name ?? '');
