// The dealer's basket: a square-off as a file of orders, for the time when no order system is there to take them. One line an order, in the words of the API.
import { Product, Side } from '../../engine/index.ts';
import type { InstrumentName } from './order-answer.ts';
import type { Exit } from './square-off-plan.ts';

/** A line: an order to cancel, an order to enter, or a position that cannot be priced. Units, ticks. */
export type BasketRow =
  | { readonly account: string; readonly action: string; readonly order: string }
  | { readonly account: string; readonly action: string; readonly exit: Exit; readonly units: number; readonly price: number };

const COLUMNS = 'action,account,order,exchange,symbol,token,side,quantity,order_type,price,product,cause';
const TICKS_PER_RUPEE = 10_000;

/** Text of the file: a header, cancels and orders in the order in which they are to be given. */
export function basketText(rows: readonly BasketRow[], nameOf: (exit: Exit) => InstrumentName): string {
  const lines = rows.map((row) => {
    if ('order' in row) return [row.action, row.account, row.order, '', '', '', '', '', '', '', '', ''].join(',');
    const { exchange, symbol, token } = nameOf(row.exit);
    const product = Object.keys(Product).find((name) => Product[name as keyof typeof Product] === row.exit.product) ?? '';
    const price = row.price === 0 ? '' : String(row.price / TICKS_PER_RUPEE);
    const side = row.exit.side === Side.SELL ? 'SELL' : 'BUY';
    return [row.action, row.account, '', exchange, symbol, token, side, row.units, 'LIMIT', price, product, row.exit.cause].join(',');
  });
  return `${[COLUMNS, ...lines].join('\n')}\n`;
}
