// Positions, holdings and the margin of each underlying, as tables.
import { h } from '/kit/dom.js';
import { sparkline } from '../charts/sparkline.js';
import { count, gain, price, wholeRupees } from '../format.js';
import { LiveTable } from '../live-table.js';
import { positionKey } from '../merge.js';
import { isConvertible } from './convert-sheet.js';

/** @typedef {import('../wire.d.ts').Position} Position */
/** @typedef {import('../wire.d.ts').Holding} Holding */
/** @typedef {import('../wire.d.ts').Underlying} Underlying */

/** @param {number} rupees */
const toPaisa = (rupees) => Math.round(rupees * 100) / 100;

/** @param {number} value */
const tone = (value) => (value < 0 ? 'loss' : value > 0 ? 'gain' : undefined);

/**
 * @param {import('../histories.js').Histories} histories Holds a series per position, named by its key.
 * @param {{ open: (position: Position) => void, convert?: ((position: Position) => void) | undefined }} acts
 */
export function positionTable(histories, { open, convert }) {
  /** @type {import('../live-table.js').TableTerms<Position>} */
  const terms = {
    caption: 'Positions',
    empty: 'No position.',
    key: (row) => positionKey({ ...row }),
    rowTone: (row) => (row.net === 0 ? 'mute' : undefined),
    open,
    columns: [
      { label: 'Instrument', text: (row) => row.symbol, sortText: (row) => row.symbol, title: (row) => `${row.exchange} ${row.product}` },
      { label: 'Product', text: (row) => row.product, drop: 'late' },
      { label: 'Net', text: (row) => count(row.net), value: (row) => row.net, isNumber: true, flashes: true },
      { label: 'Average', text: (row) => price(toPaisa(row.average_price)), isNumber: true, drop: 'late' },
      { label: 'Mark', text: (row) => price(row.mark), value: (row) => row.mark, isNumber: true, flashes: true },
      {
        label: 'MTM',
        text: (row) => gain(row.mtm_paise),
        value: (row) => row.mtm_paise,
        tone: (row) => tone(row.mtm_paise),
        isNumber: true,
        flashes: true,
      },
      { label: 'Course', draw: (cell, row) => sparkline(cell, histories.of(positionKey({ ...row })), 0), drop: 'wide' },
      { label: 'Working', text: workingText, isNumber: true, drop: 'late', title: () => 'Units still open in orders: bought / sold' },
      ...(convert === undefined ? [] : [convertColumn(convert)]),
    ],
  };
  return new LiveTable(terms);
}

/** @param {(position: Position) => void} convert @returns {import('../live-table.js').Column<Position>} */
function convertColumn(convert) {
  /** What each cell shows now: a button outlives the row it was made for. @type {WeakMap<HTMLElement, Position>} */
  const shown = new WeakMap();
  return {
    label: 'Convert',
    drop: 'wide',
    draw: (cell, row) => {
      shown.set(cell, row);
      const wants = isConvertible(row);
      if (wants === (cell.firstElementChild !== null)) return;
      const begin = () => convert(shown.get(cell) ?? row);
      const button = h('button', { type: 'button', class: 'tiny', 'aria-label': `Convert ${row.symbol}`, onclick: begin }, 'Convert …');
      cell.replaceChildren(...(wants ? [button] : []));
    },
  };
}

/** @param {Position} row */
function workingText({ working_buys: buys, working_sells: sells }) {
  return buys === 0 && sells === 0
    ? ''
    : [buys > 0 ? `+${count(buys)}` : '', sells > 0 ? `−${count(sells)}` : ''].filter((part) => part !== '').join(' / ');
}

export function holdingTable() {
  /** @type {import('../live-table.js').TableTerms<Holding>} */
  const terms = {
    caption: 'Holdings',
    empty: 'No holding.',
    key: (row) => `${row.exchange}/${row.symbol}`,
    columns: [
      { label: 'Instrument', text: (row) => row.symbol, sortText: (row) => row.symbol, title: (row) => row.exchange },
      { label: 'Free', text: (row) => count(row.free), value: (row) => row.free, isNumber: true, flashes: true },
      { label: 'Pledged', text: (row) => count(row.pledged), value: (row) => row.pledged, isNumber: true, flashes: true },
      {
        label: 'T1',
        text: (row) => count(row.t1),
        value: (row) => row.t1,
        isNumber: true,
        flashes: true,
        title: () => 'Bought yesterday, delivered today',
      },
    ],
  };
  return new LiveTable(terms);
}

/** @param {(line: Underlying) => void} open */
export function underlyingTable(open) {
  /** @type {import('../live-table.js').TableTerms<Underlying>} */
  const terms = {
    caption: 'Margin by underlying',
    empty: 'Nothing is margined.',
    key: (row) => `${row.symbol}/${row.product ?? ''}`,
    open,
    columns: [
      { label: 'Underlying', text: (row) => row.symbol, sortText: (row) => row.symbol },
      { label: 'Required', text: (row) => wholeRupees(row.requirement_paise), value: (row) => row.requirement_paise, isNumber: true, flashes: true },
      { label: 'Scan', text: (row) => wholeRupees(row.scan_paise), value: (row) => row.scan_paise ?? 0, isNumber: true, drop: 'late' },
      { label: 'Exposure', text: (row) => wholeRupees(row.exposure_paise), value: (row) => row.exposure_paise ?? 0, isNumber: true, drop: 'late' },
    ],
  };
  return new LiveTable(terms);
}
