// Unpaid units that have to be sold on the next trading day: a basket for the dealer, made in the evening, in the columns of the desk's square-off
// basket. As many units as the client's debit is worth at the last close, at most those that are pledged; orders at market, because the debit has to
// go. What the sale delivers comes out of the pledge on the evening of its trade (securities-payin-prep.ts). Orders are people's: nothing is sent
// from here.
import type { Ledger } from '../../ledger/ledger.ts';
import type { NodeContext } from '../../runner/index.ts';
import { UnitPrices } from '../../securities/unit-prices.ts';
import { UnpaidStore, type UnpaidUnits, unpaidStep } from '../../securities/unpaid-units.ts';
import { booksOf, type DayParts } from '../end-of-day/day-parts.ts';
import { type ListRow, listOnce } from './securities-files.ts';
import { coveringUnits, debitOf } from './securities-unpaid.ts';

/** What is to be sold. */
export interface UnpaidSale {
  /** Basket and its digest; '' when nothing is to be sold. */
  readonly file: string;
  readonly sha256: string;
  readonly orders: number;
  readonly note: string;
}

/** Columns of the desk's square-off basket. */
export const BASKET_COLUMNS: readonly string[] = [
  'action',
  'account',
  'order',
  'exchange',
  'symbol',
  'token',
  'side',
  'quantity',
  'order_type',
  'price',
  'product',
  'cause',
];
const MICROS_PER_PAISA = 10_000;
const SHOWN_MAX = 5;

/** Lists what is to be sold on the trading day after the date of `context`; once per run. */
export function saleOfUnpaid(parts: DayParts, context: NodeContext): UnpaidSale {
  const [ledger, prices] = [booksOf(context.root), new UnitPrices(context.root)];
  const next = parts.calendar.tradedAfter(context.date);
  const due = new UnpaidStore(context.root)
    .open()
    .filter((one) => unpaidStep(one, debitOf(ledger, one.client) === 0, next, parts.calendar) === 'sell');
  if (due.length === 0 && parts.files.of('unpaid-sale', context.date) === undefined) return { file: '', sha256: '', orders: 0, note: '' };
  const list = listOnce(parts, context, 'unpaid-sale', () => ({ columns: BASKET_COLUMNS, rows: saleRows(due, ledger, prices) }));
  const shown = list.rows.slice(0, SHOWN_MAX).map(({ account = '', symbol = '', quantity = '' }) => `${account} ${symbol} ${quantity}`);
  const note = list.rows.length === 0 ? '' : `to be sold on ${next}, not paid in time: ${shown.join('; ')}`;
  return { file: list.path, sha256: list.sha256, orders: list.rows.length, note };
}

/** Oldest settlement first, until a client's debit is covered. */
function saleRows(due: readonly UnpaidUnits[], ledger: Ledger, prices: UnitPrices): ListRow[] {
  const debits = new Map<string, number>();
  return due.flatMap(({ client, isin, token, units, settlement }) => {
    const debit = debits.get(client) ?? debitOf(ledger, client);
    const { symbol = isin, close = 0 } = prices.of(isin) ?? {};
    const price = close / MICROS_PER_PAISA;
    const wanted = coveringUnits(debit, price, units);
    debits.set(client, Math.max(0, debit - Math.round(wanted * price)));
    if (wanted === 0) return [];
    const order = { side: 'SELL', quantity: `${wanted}`, order_type: 'MARKET', price: '', product: 'CNC' };
    return [{ action: 'ORDER', account: client, order: '', exchange: 'NSE', symbol, token: `${token}`, ...order, cause: `unpaid ${settlement}` }];
  });
}
