// @ts-check
/** What a call is at the moment, for the person who looks at its card. */

/** @typedef {import('../core/types.js').Call} Call */
/** @typedef {import('../core/types.js').User} User */
/** @typedef {'requested'|'ringing'|'stopping'|'calling'|'mine'|'another'|'ended'|'missed'|'unreached'} Phase */

const ENDED = new Set(['answered', 'missed', 'cancelled', 'busy', 'unavailable', 'forbidden', 'not_found', 'failed']);

/** @param {Call} call */
export function hasEnded(call) {
  return ENDED.has(call.state);
}

/** A system that reports is heard of sooner; the others never are, and the person says himself how it ended. */
const REPORTED_WITHIN_MS = 15_000;

/** Whether a click was accepted and nothing has been heard since. @param {Call} call @param {number} nowMs */
export function isUnheard(call, nowMs) {
  return call.state === 'requested' && nowMs > Date.parse(call.started_at) + REPORTED_WITHIN_MS;
}

/** @param {Call} call @param {User|null} me */
export function answeredByAnother(call, me) {
  if (call.direction !== 'in' || (call.state !== 'talking' && call.state !== 'answered')) return false;
  if (!me || call.user?.id === me.id) return false;
  return call.user !== null || !call.legs.some((leg) => leg.user?.id === me.id && (leg.state === 'talking' || leg.state === 'answered'));
}

/** Whether my phones ring no more, while nobody knows yet how the call ends. @param {Call} call @param {User|null} me */
function hasStopped(call, me) {
  const mine = call.legs.filter(({ user }) => user?.id === me?.id);
  const legs = mine.length > 0 ? mine : call.legs;
  return legs.length > 0 && legs.every(({ state }) => state === 'cancelled');
}

/** @param {Call} call @param {User|null} me @returns {Phase} */
export function phaseOf(call, me) {
  switch (call.state) {
    case 'requested':
      return 'requested';
    case 'ringing':
      if (call.direction === 'out') return 'calling';
      return hasStopped(call, me) ? 'stopping' : 'ringing';
    case 'talking':
      return answeredByAnother(call, me) ? 'another' : 'mine';
    case 'answered':
      return answeredByAnother(call, me) ? 'another' : 'ended';
    case 'missed':
      return 'missed';
    default:
      return 'unreached';
  }
}

/** What is only said in passing: a miss stands on the board, what another answered is his. @param {Call} call @param {User|null} me */
export function isPassing(call, me) {
  return ['missed', 'another'].includes(phaseOf(call, me));
}
