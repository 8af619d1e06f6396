// @ts-check
/** The `html` tag of every component: markup in, Preact elements out; values become text nodes and properties. */
import { h } from '../vendor/preact.mjs';
import htm from '../vendor/htm.mjs';

export const html = htm.bind(h);
