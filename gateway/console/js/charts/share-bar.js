// A share of a whole as a short bar in a table cell; the figure stands beside it.
import { s, setAttribute } from '/kit/dom.js';

const WIDTH = 100;

/**
 * @param {HTMLElement} cell
 * @param {number} share 0 … 1; more is drawn full.
 * @param {boolean} [isLimit] Is a full bar something bad?
 */
export function shareBar(cell, share, isLimit = false) {
  if (cell.firstElementChild === null) {
    const rect = (/** @type {string} */ name) => s('rect', { class: name, width: WIDTH, height: 8, rx: 2 });
    cell.append(
      s('svg', { class: 'share', viewBox: `0 0 ${WIDTH} 8`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, rect('ground'), rect('part')),
    );
  }
  const part = cell.querySelector('.part');
  setAttribute(cell, 'data-over', share >= 1 && isLimit);
  if (part !== null) setAttribute(part, 'width', (Math.max(0, Math.min(1, share)) * WIDTH).toFixed(1));
}
