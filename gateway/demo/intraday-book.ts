// What clients hold for the day only (product MIS), by fills: before the close it has to come to nothing. Counts, and says what orders that takes.
import type { Intent } from './behaviour.ts';
import type { OmsOrder } from './oms-order.ts';

interface DayHolding {
  readonly last: OmsOrder;
  /** Units, sells negative. */
  net: number;
}

export class IntradayBook {
  private readonly held = new Map<string, DayHolding>();

  /** A fill of `units` of the order. */
  filled(order: OmsOrder, units: number): void {
    if (order.product !== 'MIS') return;
    const key = `${order.account} ${order.row}`;
    const holding = this.held.get(key) ?? { last: order, net: 0 };
    holding.net += order.side === 1 ? units : -units;
    this.held.set(key, holding);
  }

  /** Market orders of the house that close what is open, whatever that leaves the client to be margined; empty when all is closed. */
  closing(): Intent[] {
    return [...this.held.values()]
      .filter(({ net }) => net !== 0)
      .map(({ last: { account, row, symbol, segment }, net }) => {
        const side = net > 0 ? 2 : 1;
        const order = { account, row, symbol, segment, side, market: true, product: 'MIS', immediate: false, isDealer: true, fault: '' } as const;
        return { ...order, quantity: Math.abs(net), price: 0 };
      });
  }
}
