// @ts-check
/** What the owner has set that the card needs. */
import { signal } from '../vendor/signals.mjs';
import * as api from '../core/api.js';

/** @type {{value: string[]}} */
export const outcomes = signal([]);

export async function loadSettings() {
  const settings = await api.settings();
  outcomes.value = settings.outcomes ?? [];
}
