// @ts-check
import { useState } from '../../../../vendor/hooks.mjs';
import * as api from '../../../../core/api.js';
import { explain } from '../../../../core/errors.js';
import { html } from '../../../../core/html.js';
import { t } from '../../../../core/i18n.js';

/** @typedef {import('../../../../core/types.js').Import} Import */

/** What was handed in since the page was opened: another sheet of it can be read. @type {Map<string, File>} */
const handed = new Map();

/** Hands a file in. @param {File} file @param {string} [sheet] */
export async function handIn(file, sheet) {
  const taken = await api.takeIn(file, sheet);
  handed.set(taken.id, file);
  return taken;
}

/** Which sheet of a workbook is read, where there are several. @param {{file: Import, onTaken: (file: Import) => void}} props */
export function Sheets({ file, onTaken }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const own = handed.get(file.id);
  if (file.sheets.length < 2) return null;
  const choose = async (/** @type {any} */ event) => {
    setBusy(true);
    try {
      onTaken(await handIn(/** @type {File} */ (own), event.currentTarget.value));
    } catch (refusal) {
      event.target.value = file.sheet;
      setError(explain(refusal));
      setBusy(false);
    }
  };
  return html`<div class="import-sheets"><div class="field"><label for="import-sheet">${t('import.sheets')}</label>
    <select id="import-sheet" value=${file.sheet} disabled=${isBusy || !own} onChange=${choose}>${file.sheets.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}</select></div>
    ${!own && html`<p class="hint">${t('import.sheets_again')}</p>`}${error && html`<p class="error" role="alert">${error}</p>`}</div>`;
}
