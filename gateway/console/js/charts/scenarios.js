// The sixteen scenarios of SPAN for one underlying: what the position would lose or gain when the price moves by parts of its scan range and volatility
// rises or falls. Scenarios are shown by price move, from the deepest fall to the highest rise; the worst is named in words too.
import { fill, h, s } from '/kit/dom.js';
import { rupees, shortRupees } from '../format.js';

const WIDTH = 680;
const HEIGHT = 240;
const LEFT = 64;
const TOP = 14;
const BOTTOM = 34;

/** @typedef {{ number: number, price_move: number, vol_move: number, loss_paise: number }} Scenario Moves in parts of the scan range. */
/** @typedef {{ symbol: string, scenarios: readonly Scenario[], active_scenario: number, scan_paise: number }} ScenarioAnswer */

/** @param {number} move */
function moveText(move) {
  const thirds = Math.round(Math.abs(move) * 3);
  const size = Math.abs(Math.abs(move) * 3 - thirds) > 0.01 ? Math.abs(move).toFixed(2) : thirds % 3 === 0 ? String(thirds / 3) : `${thirds}/3`;
  return move === 0 ? '0' : `${move > 0 ? '+' : '−'}${size}`;
}

/** @param {Scenario} scenario */
function scenarioText({ price_move: move, vol_move: volatility }) {
  const price = move === 0 ? 'price unchanged' : `price ${moveText(move)} of its range`;
  return volatility === 0 ? price : `${price}, volatility ${volatility > 0 ? 'up' : 'down'}`;
}

/**
 * Draws the chart into an element.
 * @param {HTMLElement} root
 * @param {ScenarioAnswer} answer
 * @param {ScenarioAnswer} [before] Drawn as a mark on each bar.
 */
export function scenarios(root, { symbol, scenarios: all, active_scenario: active }, before) {
  const worst = all.find(({ number }) => number === active);
  const words =
    worst !== undefined && worst.loss_paise > 0
      ? `Worst of ${all.length}: scenario ${active} (${scenarioText(worst)}) would lose ${rupees(worst.loss_paise)}.`
      : 'No scenario loses: scan risk is nil.';
  const picture = s(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${symbol}: ${words}`, class: 'scenarios' },
    drawing(all, active, before?.scenarios ?? []),
  );
  const sign = (/** @type {string} */ kind, /** @type {string} */ label) => h('span', {}, h('i', { class: `key ${kind}` }), label);
  const key = h(
    'p',
    { class: 'chart-key' },
    sign('solid', 'volatility up'),
    sign('hatched', 'volatility down'),
    before !== undefined && sign('before', 'without the order'),
    'Across: price move in parts of the scan range; the outermost are extreme moves, as far as they count.',
  );
  fill(root, h('p', { class: 'chart-words' }, words), picture, key, asTable(all));
}

/** @param {readonly Scenario[]} all @param {number} active @param {readonly Scenario[]} before */
function drawing(all, active, before) {
  const results = [...all, ...before].map(({ loss_paise: loss }) => -loss);
  const [low, high] = [Math.min(0, ...results), Math.max(0, ...results)];
  const span = Math.max(1, high - low);
  const y = (/** @type {number} */ value) => TOP + ((high - value) / span) * (HEIGHT - TOP - BOTTOM);
  const moves = [...new Set(all.map(({ price_move: move }) => move))].sort((a, b) => a - b);
  const slot = (WIDTH - LEFT) / moves.length;
  const center = (/** @type {number} */ move) => LEFT + (moves.indexOf(move) + 0.5) * slot;
  const bars = all.map((scenario) => bar(scenario, scenario.number === active, { x: center(scenario.price_move), width: slot * 0.34, y }));
  const labels = moves.map((move) => s('text', { class: 'axis', x: center(move), y: HEIGHT - 12, 'text-anchor': 'middle' }, moveText(move)));
  const ticks = [...new Set([low, 0, high])].map((value) => [
    s('line', { class: value === 0 ? 'zero' : 'rule', x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value) }),
    s('text', { class: 'axis', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, shortRupees(value)),
  ]);
  const marks = before.map((scenario) => mark(scenario, { x: center(scenario.price_move), width: slot * 0.34, y }));
  return [...ticks.flat(), ...bars, ...marks, ...labels];
}

/** Where a bar stands. @param {number} volatility @param {number} x @param {number} width */
function leftOf(volatility, x, width) {
  return volatility === 0 ? x - width / 2 : volatility > 0 ? x - width - 1 : x + 1;
}

/** Where the position stood without the order. @param {Scenario} scenario @param {{ x: number, width: number, y: (value: number) => number }} place */
function mark({ vol_move: volatility, loss_paise: loss, number }, { x, width, y }) {
  const left = leftOf(volatility, x, width);
  return s(
    'line',
    { class: 'before', x1: left - 2, x2: left + width + 2, y1: y(-loss), y2: y(-loss) },
    s('title', {}, `Scenario ${number} now: ${rupees(-loss)}`),
  );
}

/** @param {Scenario} scenario @param {boolean} isWorst @param {{ x: number, width: number, y: (value: number) => number }} place */
function bar(scenario, isWorst, { x, width, y }) {
  const { vol_move: volatility, loss_paise: loss, number } = scenario;
  const left = leftOf(volatility, x, width);
  const kind = `${loss > 0 ? 'loses' : 'gains'}${isWorst ? ' worst' : ''}${volatility < 0 ? ' down' : ''}`;
  const title = s('title', {}, `Scenario ${number}: ${scenarioText(scenario)}: ${rupees(-loss)}`);
  return s('rect', { class: kind, x: left, width, y: y(Math.max(0, -loss)), height: Math.max(1, Math.abs(y(-loss) - y(0))) }, title);
}

/** @param {readonly Scenario[]} all */
function asTable(all) {
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, 'Scenario'),
    h('th', { scope: 'col' }, 'Move'),
    h('th', { scope: 'col', class: 'num' }, 'Result'),
  );
  const rows = all.map((scenario) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, scenario.number),
      h('td', {}, scenarioText(scenario)),
      h('td', { class: 'num', 'data-tone': scenario.loss_paise > 0 ? 'loss' : 'gain' }, rupees(-scenario.loss_paise)),
    ),
  );
  return h('details', {}, h('summary', {}, 'As a table'), h('table', { class: 'grid' }, h('thead', {}, head), h('tbody', {}, rows)));
}
