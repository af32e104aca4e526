// Short notices in a corner: what was done, or why not. Read out politely; gone by themselves, failures stay longer.
import { h } from './dom.js';

const SHOWN_MILLIS = 6_000;
const FAULT_MILLIS = 12_000;

/** @type {HTMLElement | undefined} */
let place;

/** @param {string} words @param {'ok' | 'loss'} [tone] */
export function notice(words, tone = 'ok') {
  if (place === undefined) {
    place = h('div', { class: 'notices', role: 'status', 'aria-live': 'polite' });
    document.body.append(place);
  }
  const line = h('p', { class: 'notice', 'data-tone': tone }, words);
  place.append(line);
  setTimeout(() => line.remove(), tone === 'ok' ? SHOWN_MILLIS : FAULT_MILLIS);
}
