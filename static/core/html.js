// @ts-check
/** The `html` tag of every component: markup in, Preact elements out; values become text nodes and properties. */
import htm from '../vendor/htm.mjs';
import { h } from '../vendor/preact.mjs';

export const html = htm.bind(h);
