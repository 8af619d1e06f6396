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

/** @type {Map<string, {close: () => void}>} */
const shown = new Map();

/** @param {string} call @param {string} title @param {string} body */
export async function notify(call, title, body) {
  if (notificationState() !== 'granted' || shown.has(call)) return;
  if (!(await takeTurn(`notify.${call}`, { unseen: true }))) return;
  const how = { body, tag: call, silent: true, requireInteraction: true };
  try {
    const notification = new Notification(title, how);
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    shown.set(call, notification);
  } catch {
    await notifyByWorker(call, title, how);
  }
}

/** A phone's browser lets pages make none themselves. @param {string} call @param {string} title @param {NotificationOptions} how */
async function notifyByWorker(call, title, how) {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.active) return;
  shown.set(call, { close: async () => (await registration.getNotifications({ tag: call })).forEach((one) => one.close()) });
  await registration.showNotification(title, how);
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
