// Line drawings on a 20 × 20 field, in the colour of the text beside them.
import { s } from './dom.js';

/** @param {string} path */
export function icon(path) {
  return s('svg', { viewBox: '0 0 20 20', class: 'icon', 'aria-hidden': 'true' }, s('path', { d: path }));
}
