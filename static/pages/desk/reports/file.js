// @ts-check
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { FileMenu } from '../../../ui/file-menu.js';

/** A table as a file. @param {{report: 'calls'|'people'|'callbacks', asked: string, table: string}} props */
export const TableFile = ({ report, asked, table }) => html`<span class="report-file"><${FileMenu} label=${t('reports.file', { table })} look="icon-button small" address=${`/api/reports/${report}?${asked}`} /></span>`;
