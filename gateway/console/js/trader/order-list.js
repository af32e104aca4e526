// The client's orders: state in words, filter by state and text, Enter explains.
import { h } from '/kit/dom.js';
import { count, price, spaced, timeOfDay } from '../format.js';
import { LiveTable } from '../live-table.js';

/** @typedef {import('../wire.d.ts').Order} Order */

const OPEN_STATES = new Set(['NEW', 'PARTIALLY_FILLED', 'PENDING_CANCEL', 'PENDING_REPLACE', 'REPLACED']);
const MICROS_PER_MILLI = 1000;

/** @param {Order} order */
export function isOpen({ state }) {
  return OPEN_STATES.has(state);
}

/** @param {Order} order */
export function isRejected({ state }) {
  return state === 'REJECTED';
}

/** @param {Order} order */
function stateTone(order) {
  if (isRejected(order)) return 'loss';
  if (order.stuck === true) return 'warn';
  return isOpen(order) ? 'open' : order.state === 'FILLED' ? 'ok' : 'mute';
}

/** @param {Order} order */
export function stateText(order) {
  // NEW before the exchange has answered: accepted by risk, no more.
  const words = order.state === 'NEW' ? (order.confirmed === true ? 'working' : 'accepted') : spaced(order.state);
  const why = isRejected(order) && order.reject ? `: ${spaced(order.reject.name)}` : '';
  return `${order.stuck === true ? 'stuck, ' : ''}${words}${why}`;
}

const FILTERS = /** @type {const} */ (['all', 'open', 'rejected']);

export class OrderList {
  /** @type {readonly Order[]} */
  orders = [];
  /** @type {typeof FILTERS[number]} */
  filter = 'all';

  /** @param {{ open: (order: Order) => void, cancel?: ((order: Order) => void) | undefined }} acts */
  constructor({ open, cancel }) {
    this.table = new LiveTable(orderTerms(open, cancel));
    this.field = h('input', {
      type: 'search',
      id: 'order-filter',
      'aria-label': 'Filter orders',
      placeholder: 'Filter',
      autocomplete: 'off',
      oninput: () => this.show(),
    });
    this.buttons = FILTERS.map((name) =>
      h('button', { type: 'button', 'aria-pressed': String(name === 'all'), onclick: () => this.choose(name) }, name),
    );
    this.tools = h('div', { class: 'tools' }, h('div', { class: 'segments', role: 'group', 'aria-label': 'Orders shown' }, this.buttons), this.field);
    this.element = this.table.element;
  }

  /** @param {readonly Order[]} orders */
  update(orders) {
    this.orders = [...orders].sort((a, b) => sequenceOf(b) - sequenceOf(a));
    this.show();
  }

  /** @param {typeof FILTERS[number]} name */
  choose(name) {
    this.filter = name;
    for (const button of this.buttons) button.setAttribute('aria-pressed', String(button.textContent === name));
    this.show();
  }

  show() {
    const text = this.field.value.trim().toLowerCase();
    const wanted = this.orders
      .filter((order) => this.filter === 'all' || (this.filter === 'open' ? isOpen(order) : isRejected(order)))
      .filter(
        (order) =>
          text === '' || `${order.symbol} ${order.side} ${stateText(order)} ${order.id} ${order.cl_ord_id ?? ''}`.toLowerCase().includes(text),
      );
    this.table.empty = this.orders.length === 0 ? 'No order today.' : 'No order fits the filter.';
    this.table.update(wanted);
  }
}

/** @param {(order: Order) => void} open @param {((order: Order) => void) | undefined} cancel @returns {import('../live-table.js').TableTerms<Order>} */
function orderTerms(open, cancel) {
  /** @type {import('../live-table.js').Column<Order>[]} */
  const columns = [
    { label: 'Time', text: (row) => timeOfDay((row.time_micros ?? 0) / MICROS_PER_MILLI), sortText: (row) => String(row.time_micros ?? 0) },
    { label: 'Side', text: (row) => row.side, tone: (row) => (row.side === 'BUY' ? 'buy' : 'sell') },
    { label: 'Quantity', text: quantityText, value: (row) => row.quantity, isNumber: true, title: () => 'Filled of ordered' },
    {
      label: 'Instrument',
      text: (row) => row.symbol,
      sortText: (row) => row.symbol,
      title: (row) => `${row.exchange} ${row.product ?? ''} ${row.id}`,
    },
    { label: 'Price', text: (row) => (row.price > 0 ? price(row.price) : 'market'), value: (row) => row.price, isNumber: true },
    { label: 'State', text: stateText, sortText: stateText, tone: stateTone, flashes: true, title: (row) => row.reject?.message ?? '' },
  ];
  if (cancel !== undefined) columns.push({ label: 'Cancel', draw: (cell, row) => drawCancel(cell, row, cancel), drop: 'late' });
  return {
    caption: 'Orders',
    empty: 'No order today.',
    key: (row) => row.id,
    open,
    columns,
    rowTone: (row) => (row.stuck === true ? 'warn' : undefined),
  };
}

/** Orders of one client share a slot: the later has the higher sequence. @param {Order} order */
function sequenceOf({ id }) {
  return Number(id.slice(id.indexOf('-') + 1));
}

/** @param {Order} row */
function quantityText({ filled = 0, quantity }) {
  return filled > 0 ? `${count(filled)} / ${count(quantity)}` : count(quantity);
}

/** @param {HTMLElement} cell @param {Order} order @param {(order: Order) => void} cancel */
function drawCancel(cell, order, cancel) {
  const wants = isOpen(order) && order.state !== 'PENDING_CANCEL';
  if (wants === (cell.firstElementChild !== null)) return;
  cell.replaceChildren();
  if (wants)
    cell.append(
      h('button', { type: 'button', class: 'tiny', 'aria-label': `Cancel ${order.side} ${order.symbol}`, onclick: () => cancel(order) }, 'Cancel'),
    );
}
