// @ts-check
import { Preferences } from '../../../card/preferences.js';
import { html } from '../../../core/html.js';

/** What this browser remembers. */
export const Browser = () => html`<section class="panel settings-browser"><${Preferences} /></section>`;
