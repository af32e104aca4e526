// Statement of shares that expired contracts delivered: contract by contract what the client got or gave and at which price, and what it was charged.
// No trade was made at an exchange for it, so no contract note shows it and no exchange charge or turnover fee is on it.
import type { RootDatabase } from 'lmdb';
import { type DatedDeliveries, DeliveryStore } from '../../securities/delivery-store.ts';
import { dayText } from '../figures.ts';
import type { Cell, StatementSheet, StatementSubject } from './statement-sheet.ts';

interface SheetRow {
  readonly cells: readonly Cell[];
  readonly bold?: boolean;
}

const TICKS_PER_PAISA = 100;

/** The sheet of a period. */
export function deliverySheet(root: RootDatabase, { contact, from, to }: StatementSubject): StatementSheet {
  const evenings = new DeliveryStore(root).of(contact.code, from, to);
  const total = evenings.reduce((sum, one) => sum + netOf(one), 0);
  return {
    title: 'Statement of deliveries',
    columns: [
      { title: 'Date', width: 54 },
      { title: 'Settled on', width: 54 },
      { title: 'Contract', width: 122, wraps: true },
      { title: 'ISIN', width: 76 },
      { title: 'Got / gave', width: 50 },
      { title: 'Units', width: 48, isAmount: true },
      { title: 'Price (Rs)', width: 56, isAmount: true },
      { title: 'Payable in brackets (Rs)', width: 75, isAmount: true },
    ],
    rows: evenings.length === 0 ? [] : [...evenings.flatMap(rowsOf), { cells: ['', '', 'Net', '', '', '', '', { paise: total }], bold: true }],
    remarks: [
      'Futures are delivered at their final settlement price, options at their strike. Shares and money are netted with the trades in shares of the day and settle with them.',
      'Securities transaction tax is that of a delivery trade, on both sides; stamp duty on what is bought. Brokerage is the broker’s; GST is on brokerage.',
    ],
  };
}

const charges = ({ stt, stamp, brokerage, gst }: DatedDeliveries): readonly (readonly [string, number])[] => [
  ['Brokerage on delivery', brokerage],
  ['GST', gst],
  ['Securities transaction tax', stt],
  ['Stamp duty', stamp],
];

const netOf = (one: DatedDeliveries): number =>
  one.delivered.reduce((sum, { amount }) => sum + amount, 0) - charges(one).reduce((sum, [, amount]) => sum + amount, 0);

function rowsOf(one: DatedDeliveries): SheetRow[] {
  const dates = [dayText(one.date), dayText(one.due)];
  const contracts = one.delivered.map(({ name, isin, units, price, amount }) => ({
    cells: [...dates, name, isin, units > 0 ? 'got' : 'gave', `${Math.abs(units)}`, { paise: price / TICKS_PER_PAISA }, { paise: amount }],
  }));
  const charged = charges(one).flatMap(([words, amount]) => (amount === 0 ? [] : [{ cells: [...dates, words, '', '', '', '', { paise: -amount }] }]));
  return [...contracts, ...charged];
}
