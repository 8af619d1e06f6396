// @ts-check
import { html } from '../core/html.js';
import { locale, t } from '../core/i18n.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';

/** @typedef {'xlsx'|'csv'|'vcf'} Format */

/**
 * What there is as a file, in the reader's language: a button, and under it the kinds of file.
 * @param {{label: string, words?: string, look?: string, address: string, formats?: Format[]}} props address: with a query that the kind is added to
 */
export const FileMenu = ({ label, words, look = 'button', address, formats = ['xlsx', 'csv'] }) => html`<${Menu} label=${label} name=${words ? '' : label} look=${look} face=${html`<${Icon} name="download" />${words}`}>
  <ul class="menu-links">${formats.map((format) => html`<li key=${format}><a href=${`${address}&format=${format}&lang=${locale.value}`} download>${t(`file.${format}`)}</a></li>`)}</ul><//>`;
