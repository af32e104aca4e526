// Messages an OMS writes, as field lists.
import type { Body } from './oms-client.ts';
import type { Traded } from './small-house.ts';

const now = (): string => new Date().toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '');
const instrument = (traded: Traded): Body => [
  [55, traded.symbol],
  [207, traded.exchange],
];

/** What a test says of an order; the rest has defaults: buy one lot at the previous close, limit, day. */
export interface OrderWords {
  readonly account?: string;
  readonly side?: 1 | 2;
  readonly quantity?: number;
  /** null leaves Price(44) out. */
  readonly price?: number | null;
  readonly more?: Body;
}

/** NewOrderSingle(D). */
export function newOrder(clOrdId: string, traded: Traded, words: OrderWords = {}): Body {
  const { account = 'RICH', side = 1, quantity = traded.lot, price = traded.close, more = [] } = words;
  const replaced = new Set(more.map(([tag]) => tag));
  const fields: Body = [[11, clOrdId], [1, account], ...instrument(traded), [54, side], [60, now()], [38, quantity], [40, 2], [44, price ?? '']];
  return [...fields.filter(([tag, value]) => !replaced.has(tag) && value !== ''), ...more.filter(([, value]) => value !== '')];
}

/** OrderCancelReplaceRequest(G). */
export function replace(clOrdId: string, origClOrdId: string, traded: Traded, words: OrderWords = {}): Body {
  return [[41, origClOrdId], ...newOrder(clOrdId, traded, words)];
}

/** OrderCancelRequest(F). */
export function cancel(clOrdId: string, origClOrdId: string, traded: Traded, words: OrderWords = {}): Body {
  return [[41, origClOrdId], ...newOrder(clOrdId, traded, words).filter(([tag]) => tag !== 40 && tag !== 44)];
}

/** What the exchange did, as the OMS reports it. */
export interface ExchangeWords extends OrderWords {
  readonly orderId?: string;
  readonly status?: string;
  readonly last?: readonly [quantity: number, price: number];
}

/** ExecutionReport(8) to the gateway. */
export function execution(execType: string, execId: string, clOrdId: string, traded: Traded, words: ExchangeWords = {}): Body {
  const { account = 'RICH', side = 1, quantity = traded.lot, orderId = 'NONE', status = '0', last, more = [] } = words;
  const filled: Body =
    last === undefined
      ? []
      : [
          [32, last[0]],
          [31, last[1]],
          [75, '20261120'],
        ];
  return [
    [37, orderId],
    [11, clOrdId],
    [17, execId],
    [150, execType],
    [39, status],
    [1, account],
    ...instrument(traded),
    [54, side],
    [38, quantity],
    ...filled,
    [151, 0],
    [14, 0],
    [6, 0],
    [60, now()],
    ...more,
  ];
}
