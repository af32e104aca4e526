// Sixteen losses as small bars, losses up and gains down, the worst marked: the vector behind one line of a margin tree.
import { h, s } from '/kit/dom.js';
import { rupees } from '../format.js';

const SLOT = 14;
const HEIGHT = 44;

/** @param {readonly number[]} losses In paise, scenario 1 first. */
export function lossBars(losses) {
  const [low, high] = [Math.min(0, ...losses), Math.max(0, ...losses)];
  const span = Math.max(1, high - low);
  const y = (/** @type {number} */ value) => ((high - value) / span) * HEIGHT;
  const worst = losses.indexOf(high);
  const words = high > 0 ? `Worst: scenario ${worst + 1} would lose ${rupees(high)}` : 'No scenario loses';
  const bars = losses.map((loss, index) => {
    const kind = `${loss > 0 ? 'loses' : 'gains'}${index === worst && loss > 0 ? ' worst' : ''}`;
    const place = { x: index * SLOT + 2, width: SLOT - 4, y: y(Math.max(0, loss)), height: Math.max(1, Math.abs(y(loss) - y(0))) };
    return s('rect', { class: kind, ...place }, s('title', {}, `Scenario ${index + 1}: ${loss > 0 ? 'loses' : 'gains'} ${rupees(Math.abs(loss))}`));
  });
  const zero = s('line', { class: 'zero', x1: 0, x2: SLOT * losses.length, y1: y(0), y2: y(0) });
  const picture = s(
    'svg',
    { class: 'scenarios loss-bars', viewBox: `0 0 ${SLOT * losses.length} ${HEIGHT}`, role: 'img', 'aria-label': words },
    bars,
    zero,
  );
  return h('figure', { class: 'losses' }, picture, h('figcaption', { class: 'hint' }, words));
}
