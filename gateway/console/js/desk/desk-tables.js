// The desk's rankings as tables: who is short, who loses, where risk sits, what is stuck, why orders are refused.

import { addressOf, go } from '/kit/router.js';
import { shareBar } from '../charts/share-bar.js';
import { businessDate, count, gain, percent, price, spaced, wholeRupees } from '../format.js';
import { LiveTable } from '../live-table.js';

/** @typedef {import('../wire.d.ts').ClientLine} ClientLine */
/** @typedef {import('../wire.d.ts').Concentration} Concentration */
/** @typedef {import('../wire.d.ts').Corporation} Corporation */
/** @typedef {import('../wire.d.ts').Delivery} Delivery */
/** @typedef {import('../wire.d.ts').Order} Order */
/** @typedef {import('../wire.d.ts').RejectCount} RejectCount */

/** @param {{ account: string }} row */
const openClient = ({ account }) => go(addressOf('trader', account));

export function shortfallTable() {
  /** @type {import('../live-table.js').TableTerms<ClientLine>} */
  const terms = {
    caption: 'Clients by shortfall',
    empty: 'Nobody is short.',
    key: (row) => row.account,
    open: openClient,
    rowTone: (row) => (row.needs_paise > 0 ? 'loss' : undefined),
    columns: [
      { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
      {
        label: 'Needs',
        text: (row) => (row.needs_paise > 0 ? wholeRupees(row.needs_paise) : '–'),
        value: (row) => row.needs_paise,
        tone: (row) => (row.needs_paise > 0 ? 'loss' : undefined),
        isNumber: true,
        flashes: true,
      },
      { label: 'Required', text: (row) => wholeRupees(row.requirement_paise), value: (row) => row.requirement_paise, isNumber: true, flashes: true },
      { label: 'Available', text: (row) => wholeRupees(row.available_paise), value: (row) => row.available_paise, isNumber: true, drop: 'late' },
      { label: 'In use', text: (row) => percent(used(row)), value: used, isNumber: true },
      { label: '', draw: (cell, row) => shareBar(cell, used(row), true), drop: 'late' },
    ],
  };
  return new LiveTable(terms);
}

/** @param {ClientLine} row */
function used({ requirement_paise: requirement, available_paise: available }) {
  return available > 0 ? requirement / available : requirement > 0 ? 1 : 0;
}

export function mtmTable() {
  /** @type {import('../live-table.js').TableTerms<ClientLine>} */
  const terms = {
    caption: 'Clients by MTM, worst first',
    empty: 'No client has a gain or a loss.',
    key: (row) => row.account,
    open: openClient,
    columns: [
      { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
      {
        label: 'MTM',
        text: (row) => gain(row.mtm_paise),
        value: (row) => row.mtm_paise,
        tone: (row) => (row.mtm_paise < 0 ? 'loss' : row.mtm_paise > 0 ? 'gain' : undefined),
        isNumber: true,
        flashes: true,
      },
      { label: 'Available', text: (row) => wholeRupees(row.available_paise), value: (row) => row.available_paise, isNumber: true, drop: 'late' },
    ],
  };
  return new LiveTable(terms);
}

export function concentrationTable() {
  /** @type {import('../live-table.js').TableTerms<Concentration>} */
  const terms = {
    caption: 'Concentration by underlying',
    empty: 'No open position.',
    key: (row) => row.underlying,
    columns: [
      { label: 'Underlying', text: (row) => row.underlying || 'unknown', sortText: (row) => row.underlying },
      { label: 'Gross value', text: (row) => wholeRupees(row.gross_paise), value: (row) => row.gross_paise, isNumber: true, flashes: true },
      { label: 'Share', text: (row) => percent(row.share), value: (row) => row.share, isNumber: true },
      { label: '', draw: (cell, row) => shareBar(cell, row.share) },
      {
        label: 'Largest',
        text: (row) =>
          row.clients
            .slice(0, 2)
            .map(({ account }) => account)
            .join(', '),
        drop: 'wide',
      },
    ],
  };
  return new LiveTable(terms);
}

export function headroomTable() {
  const left = (/** @type {Corporation} */ row) => row.effective_paise - row.required_paise;
  /** @type {import('../live-table.js').TableTerms<Corporation>} */
  const terms = {
    caption: 'Headroom at clearing corporations',
    empty: 'Nothing is placed or asked for at a clearing corporation.',
    key: (row) => row.corporation,
    rowTone: (row) => (row.mode === 'RISK_REDUCTION' || left(row) < 0 ? 'loss' : undefined),
    columns: [
      { label: 'Corporation', text: (row) => row.corporation, sortText: (row) => row.corporation },
      {
        label: 'Headroom',
        text: (row) => wholeRupees(left(row)),
        value: left,
        tone: (row) => (left(row) < 0 ? 'loss' : undefined),
        isNumber: true,
        flashes: true,
      },
      { label: 'Required', text: (row) => wholeRupees(row.required_paise), value: (row) => row.required_paise, isNumber: true, drop: 'late' },
      { label: 'Counts', text: (row) => wholeRupees(row.effective_paise), value: (row) => row.effective_paise, isNumber: true, drop: 'wide' },
      { label: 'In use', text: (row) => (row.used === null ? '–' : percent(row.used)), value: (row) => row.used ?? 0, isNumber: true },
      {
        label: 'Mode',
        text: (row) => (row.mode === 'NORMAL' ? '● normal' : '▲ risk reduction'),
        tone: (row) => (row.mode === 'NORMAL' ? 'ok' : 'loss'),
      },
    ],
  };
  return new LiveTable(terms);
}

export function deliveryTable() {
  const days = (/** @type {Delivery} */ { days_to_expiry: left }) => (left === 0 ? 'today' : left === 1 ? 'next day' : `${left} days`);
  /** @type {import('../live-table.js').TableTerms<Delivery>} */
  const terms = {
    caption: 'Deliveries to come',
    empty: 'No stock derivative expires in the next four days.',
    key: (row) => `${row.account}/${row.symbol}`,
    open: openClient,
    rowTone: (row) => (row.days_to_expiry <= 1 && row.shares !== 0 ? 'warn' : undefined),
    columns: [
      { label: 'Expires', text: days, value: (row) => row.days_to_expiry, title: (row) => businessDate(row.expiry) },
      { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
      { label: 'Contract', text: (row) => row.symbol, sortText: (row) => row.symbol },
      { label: 'Net', text: (row) => count(row.net), value: (row) => row.net, isNumber: true, drop: 'late' },
      {
        label: 'Shares',
        text: (row) => (row.shares === 0 ? 'lapses' : row.shares > 0 ? `takes ${count(row.shares)}` : `gives ${count(-row.shares)}`),
        value: (row) => row.shares,
        tone: (row) => (row.shares === 0 ? 'mute' : undefined),
        isNumber: true,
      },
      { label: 'For', text: (row) => (row.shares === 0 ? '' : wholeRupees(row.value_paise)), value: (row) => row.value_paise, isNumber: true },
    ],
  };
  return new LiveTable(terms);
}

export function stuckTable() {
  /** @type {import('../live-table.js').TableTerms<Order>} */
  const terms = {
    caption: 'Stuck orders',
    empty: 'No order waits for the exchange too long.',
    key: (row) => row.id,
    open: openClient,
    rowTone: () => 'warn',
    columns: [
      { label: 'Order', text: (row) => row.id },
      { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
      { label: 'Side', text: (row) => row.side, tone: (row) => (row.side === 'BUY' ? 'buy' : 'sell') },
      { label: 'Quantity', text: (row) => count(row.quantity), isNumber: true },
      { label: 'Instrument', text: (row) => row.symbol, sortText: (row) => row.symbol },
      { label: 'Price', text: (row) => price(row.price), isNumber: true, drop: 'late' },
    ],
  };
  return new LiveTable(terms);
}

export function rejectTable() {
  let most = 1;
  /** @type {import('../live-table.js').TableTerms<RejectCount>} */
  const terms = {
    caption: 'Rejections today by code',
    empty: 'Nothing was rejected today.',
    key: (row) => String(row.code),
    columns: [
      { label: 'Reason', text: (row) => spaced(row.name), sortText: (row) => row.name, title: (row) => row.message ?? '' },
      { label: 'Today', text: (row) => count(row.count), value: (row) => row.count, isNumber: true, flashes: true },
      { label: '', draw: (cell, row) => shareBar(cell, row.count / most) },
    ],
  };
  const table = new LiveTable(terms);
  return {
    element: table.element,
    /** @param {readonly RejectCount[]} rows */
    update: (rows) => {
      most = Math.max(1, ...rows.map((row) => row.count));
      table.update([...rows].sort((a, b) => b.count - a.count));
    },
  };
}
