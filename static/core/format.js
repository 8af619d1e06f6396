// @ts-check
/** Numbers, times and lengths as people read them. */
import { locale, t } from './i18n.js';
import { serverNow } from './ticks.js';

const DAY_MS = 86_400_000;

/** `+79161234567` → `+7 916 123-45-67`; other countries' numbers are grouped by the server. @param {string} phone */
export function formatPhone(phone) {
  let found = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  if (found) return `+7 ${found[1]} ${found[2]}-${found[3]}-${found[4]}`;
  found = /^\+375(\d{2})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  if (found) return `+375 ${found[1]} ${found[2]}-${found[3]}-${found[4]}`;
  found = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  if (found) return `+1 ${found[1]} ${found[2]}-${found[3]}`;
  return phone;
}

/** `67` → `1:07`. @param {number} seconds */
export function formatClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** `200` → "3 min". @param {number} seconds */
export function formatLength(seconds) {
  if (seconds < 60) return t('unit.seconds', { n: Math.max(0, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('unit.minutes', { n: minutes });
  return t('unit.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** "yesterday 14:02", "12 May 14:02". @param {string} at */
export function formatWhen(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const time = date.toLocaleTimeString(locale.value, { timeStyle: 'short' });
  const days = Math.round((midnight(date.getTime()) - midnight(serverNow())) / DAY_MS);
  if (days === 0) return time;
  if (days === 1 || days === -1) {
    const day = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }).format(days, 'day');
    return `${day} ${time}`;
  }
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { day: 'numeric', month: 'short' };
  if (Math.abs(days) > 300) options.year = 'numeric';
  return `${date.toLocaleDateString(locale.value, options)} ${time}`;
}

/** "5 minutes ago". @param {string} at */
export function formatAgo(at) {
  const seconds = (serverNow() - Date.parse(at)) / 1000;
  if (seconds < 60) return t('time.now');
  const relative = new Intl.RelativeTimeFormat(locale.value, { numeric: 'always', style: 'short' });
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return formatWhen(at);
}

/** The full date and time, for a title. @param {string} at */
export function formatExact(at) {
  return new Date(at).toLocaleString(locale.value, { dateStyle: 'long', timeStyle: 'medium' });
}

/** @param {number} ms */
function midnight(ms) {
  const date = new Date(ms);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}
