// @ts-check
import { html } from '../core/html.js';

/** Where rows will stand. @param {{rows: number}} props */
export function Skeleton({ rows }) {
  return html`<div aria-busy="true">${Array.from({ length: rows }, (_, index) => html`<div class="row" key=${index}><div class="row-main"><span class="skeleton"></span><span class="skeleton short"></span></div></div>`)}</div>`;
}
