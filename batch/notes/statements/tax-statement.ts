// Realised profit and loss for a tax return, out of the CSV twins of the client's contract notes: what is on a note is what counts. Charges are not
// in cost or proceeds; those of the period are summed below, STT apart (capital gains may not deduct it).
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { scaledNumber } from '../../files/decimal-field.ts';
import { dayText, paiseOfTicks } from '../figures.ts';
import { TOTAL_LINE } from '../note-csv.ts';
import type { StoredNote } from '../note-store.ts';
import type { Cell, StatementSheet, StatementSubject } from './statement-sheet.ts';
import { type Gain, type GainKind, gainsOf, type TaxTrade } from './tax-lots.ts';

const KINDS: readonly GainKind[] = ['speculative', 'short term', 'long term', 'derivatives', 'cost not known'];
const CHARGES = ['Brokerage', 'ExchangeCharges', 'SebiFee', 'GST', 'StampDuty', 'IPFT'] as const;
type Row = Readonly<Record<string, string>>;

/** The sheet; `notes` are all of the client's up to the end of the period, because a sale may close a purchase of years ago. */
export function taxSheet(notes: readonly StoredNote[], { from, to }: StatementSubject): StatementSheet {
  const rows = notes
    .filter(({ date }) => date <= to)
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .flatMap((note) => rowsOf(note));
  const gains = gainsOf(rows.filter((row) => row['Security'] !== TOTAL_LINE).map(tradeOf)).filter((gain) => inPeriod(gain, from, to));
  const totals = rows.filter((row) => row['Security'] === TOTAL_LINE && (row['TradeDate'] ?? '') >= from);
  return {
    title: 'Realised profit and loss',
    columns: [
      { title: 'Kind', width: 66 },
      { title: 'Security or contract', width: 125 },
      { title: 'Bought', width: 54 },
      { title: 'Sold', width: 54 },
      { title: 'Quantity', width: 46, isAmount: true },
      { title: 'Cost (Rs)', width: 64, isAmount: true },
      { title: 'Proceeds (Rs)', width: 64, isAmount: true },
      { title: 'Gain (Rs)', width: 62, isAmount: true },
    ],
    rows: [...KINDS.flatMap((kind) => kindRows(kind, gains)), ...chargeRows(totals)],
    remarks: [
      'First in, first out, from contract notes held here. Purchases and sales of a share on one day are matched first (speculative); delivery is short term up to 365 days.',
      'Not in these figures: cost of shares that came before the first note held here or off market, corporate actions, exercise and expiry of contracts, grandfathered values of 31 January 2018.',
    ],
  };
}

function rowsOf({ versions }: StoredNote): Row[] {
  const stem = versions.at(-1)?.stem;
  return stem === undefined ? [] : (parse(readFileSync(`${stem}.csv`), { columns: true }) as Row[]);
}

function tradeOf(row: Row): TaxTrade {
  const { TradeDate = '', Segment = '', ISIN = '', Security = '', BuySell = '', Quantity = '', Price = '' } = row;
  const key = Segment === 'CM' && ISIN !== '' ? ISIN : Security;
  return {
    date: TradeDate,
    segment: Segment,
    key,
    name: Security,
    side: BuySell === 'B' ? 'B' : 'S',
    quantity: Number(Quantity),
    price: scaledNumber(Price, 4) ?? 0,
  };
}

/** A gain falls into the period of the trade that closed it. */
function inPeriod({ bought, sold }: Gain, from: string, to: string): boolean {
  const closed = sold > bought ? sold : bought;
  return closed >= from && closed <= to;
}

const paise = (ticks: bigint): Cell => ({ paise: paiseOfTicks(Number(ticks)) });
const dayOrNot = (date: string): string => (date === '' ? 'not known' : dayText(date));

function kindRows(kind: GainKind, gains: readonly Gain[]): { cells: Cell[]; bold?: boolean }[] {
  const own = gains.filter((gain) => gain.kind === kind);
  if (own.length === 0) return [];
  const isKnown = kind !== 'cost not known';
  const lines = own.map(({ name, bought, sold, quantity, cost, proceeds }) => ({
    cells: [
      kind,
      name,
      dayOrNot(bought),
      dayOrNot(sold),
      String(quantity),
      isKnown ? paise(cost) : '',
      paise(proceeds),
      isKnown ? paise(proceeds - cost) : '',
    ],
  }));
  const sum = (of: (gain: Gain) => bigint): bigint => own.reduce((total, gain) => total + of(gain), 0n);
  const [cost, proceeds] = [sum((gain) => gain.cost), sum((gain) => gain.proceeds)];
  const cells: Cell[] = [kind, 'Total', '', '', '', isKnown ? paise(cost) : '', paise(proceeds), isKnown ? paise(proceeds - cost) : ''];
  return [...lines, { cells, bold: true }];
}

function chargeRows(totals: readonly Row[]): { cells: Cell[]; bold?: boolean }[] {
  const sum = (column: string): number => totals.reduce((total, row) => total + (scaledNumber(row[column] ?? '', 2) ?? 0), 0);
  const charges = CHARGES.reduce((total, column) => total + sum(column), 0);
  return [
    { cells: ['', 'Charges of the period, without STT', '', '', '', '', '', { paise: -charges }] },
    { cells: ['', 'STT / CTT of the period', '', '', '', '', '', { paise: -sum('STT') }] },
  ];
}
