// Requirement against available funds since the page was opened: a filled step line under a dashed one, with the day's peak as a mark.
import { fill, h, s } from '/kit/dom.js';
import { shortRupees, timeOfDay } from '../format.js';

const WIDTH = 600;
const HEIGHT = 120;
const TOP = 8;

/** @typedef {import('../histories.js').Point} Point */

export class MarginLine {
  picture = s('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'margin-line', role: 'img' });
  from = h('span', {});
  peak = h('span', {});
  element = h('figure', { class: 'line-figure' }, this.picture, h('figcaption', {}, this.from, this.peak));

  /**
   * @param {readonly Point[]} required
   * @param {readonly Point[]} available
   * @param {number} peak Today's, paise.
   */
  update(required, available, peak) {
    const first = required[0]?.at ?? 0;
    const span = Math.max(1_000, (required.at(-1)?.at ?? 0) - first);
    const top = Math.max(1, peak, ...required.map(({ value }) => value), ...available.map(({ value }) => value));
    const x = (/** @type {number} */ at) => ((at - first) / span) * WIDTH;
    const y = (/** @type {number} */ value) => HEIGHT - (Math.max(0, value) / top) * (HEIGHT - TOP);
    const line = (/** @type {readonly Point[]} */ points) =>
      [...points.map(({ at, value }, index) => `${index === 0 ? 'M0' : `H${x(at).toFixed(1)}V`} ${y(value).toFixed(1)}`), `H${WIDTH}`].join('');
    const path = required.length === 0 ? '' : line(required);
    fill(
      this.picture,
      s(
        'title',
        {},
        `Requirement ${shortRupees(required.at(-1)?.value)} of ${shortRupees(available.at(-1)?.value)} available, peak today ${shortRupees(peak)}`,
      ),
      path !== '' && s('path', { class: 'area', d: `${path}V${HEIGHT}H0Z` }),
      path !== '' && s('path', { class: 'required', d: path, 'vector-effect': 'non-scaling-stroke' }),
      available.length > 0 && s('path', { class: 'available', d: line(available), 'vector-effect': 'non-scaling-stroke' }),
      peak > 0 && s('line', { class: 'peak', x1: 0, x2: WIDTH, y1: y(peak), y2: y(peak), 'vector-effect': 'non-scaling-stroke' }),
    );
    fill(this.from, h('i', { class: 'key required' }), 'required ', h('i', { class: 'key available' }), `available · since ${timeOfDay(first)}`);
    fill(this.peak, peak > 0 && h('i', { class: 'key peak' }), peak > 0 && `peak ${shortRupees(peak)}`);
  }
}
