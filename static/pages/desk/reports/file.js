// @ts-check
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { Icon } from '../../../ui/icon.js';

/** A table as a file. @param {{report: 'calls'|'people', asked: string, table: string}} props */
export function TableFile({ report, asked, table }) {
  const says = t('reports.file', { table });
  return html`<a class="icon-button small report-file" href=${`/api/reports/${report}?${asked}&format=csv&lang=${locale.value}`} download aria-label=${says} title=${says}><${Icon} name="download" /></a>`;
}
