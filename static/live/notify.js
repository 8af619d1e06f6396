// @ts-check
/** Desktop notifications: one a call, only while no tab is visible, gone when the call is answered. */
import { giveBack, takeTurn } from './turns.js';

/** 'insecure' where the browser has none because the page came over plain http. */
export function notificationState() {
  if (!globalThis.isSecureContext || typeof Notification === 'undefined') return 'insecure';
  return Notification.permission;
}

/** @returns {Promise<boolean>} whether the person allowed them */
export async function askForNotifications() {
  if (notificationState() === 'insecure') return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** @type {Map<string, Notification>} */
const shown = new Map();

/** @param {string} call @param {string} title @param {string} body */
export async function notify(call, title, body) {
  if (notificationState() !== 'granted' || shown.has(call)) return;
  if (!(await takeTurn(`notify.${call}`, { unseen: true }))) return;
  const notification = new Notification(title, { body, tag: call, silent: true, requireInteraction: true });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  shown.set(call, notification);
}

/** Closes what belongs to no ringing call any more. @param {Set<string>} ringing */
export function closeOthers(ringing) {
  for (const [call, notification] of shown) {
    if (ringing.has(call)) continue;
    notification.close();
    shown.delete(call);
    giveBack(`notify.${call}`);
  }
}
