// A word-sized line: where a figure has been since the page was opened. Drawn in the cell, no axes; the figure itself stands beside it.
import { s, setAttribute } from '/kit/dom.js';

const WIDTH = 88;
const HEIGHT = 20;
const MARGIN = 2;

/**
 * Draws or updates the line inside a cell.
 * @param {HTMLElement} cell
 * @param {readonly import('../histories.js').Point[]} points
 * @param {number} [level] A value to draw a hairline at, when it is in range.
 */
export function sparkline(cell, points, level) {
  let picture = cell.querySelector('svg');
  if (picture === null) {
    picture = s(
      'svg',
      { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' },
      s('line', { class: 'spark-level', x1: 0, x2: WIDTH }),
      s('path', { class: 'spark-line' }),
      s('circle', { class: 'spark-end', r: 1.8 }),
    );
    cell.append(picture);
  }
  const [hair, path, end] = picture.children;
  if (hair === undefined || path === undefined || end === undefined) return;
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (/** @type {number} */ value) => (high === low ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - low) / (high - low)) * (HEIGHT - 2 * MARGIN));
  const first = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - first);
  const x = (/** @type {number} */ at) => (points.length < 2 ? WIDTH - 3 : ((at - first) / span) * (WIDTH - 3));
  const last = points.at(-1);
  setAttribute(picture, 'data-way', (last?.value ?? 0) > (values[0] ?? 0) ? 'up' : (last?.value ?? 0) < (values[0] ?? 0) ? 'down' : 'same');
  setAttribute(path, 'd', points.map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join(''));
  setAttribute(end, 'cx', last === undefined ? -9 : x(last.at).toFixed(1));
  setAttribute(end, 'cy', last === undefined ? -9 : y(last.value).toFixed(1));
  const isInRange = level !== undefined && level >= low && level <= high && high > low;
  setAttribute(hair, 'y1', isInRange ? y(level).toFixed(1) : -9);
  setAttribute(hair, 'y2', isInRange ? y(level).toFixed(1) : -9);
}
