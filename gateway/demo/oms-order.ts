// What the simulated OMS knows of one order it sent. The ClOrdID chain is the OMS's key; OrderID(37) is tarazu's.

/** Where an order stands in the OMS's eyes. */
export type OmsOrderState = 'sent' | 'working' | 'canceling' | 'replacing' | 'done';

export interface OmsOrder {
  readonly account: string;
  /** Row in the day's table; -1 for an instrument made up to be refused. */
  readonly row: number;
  readonly symbol: string;
  readonly segment: string;
  readonly side: 1 | 2;
  readonly market: boolean;
  readonly product: string;
  readonly immediate: boolean;
  /** Does the house close it, not the client? */
  readonly isDealer?: true;
  /** Why the behaviour sent it wrong on purpose; '' when it meant it. */
  readonly fault: string;
  clOrdId: string;
  /** ClOrdID of the change that is on its way; '' when none. */
  pendingId: string;
  orderId: string;
  quantity: number;
  /** Ticks; 0 for a market order. */
  price: number;
  /** Terms asked for by a pending replace. */
  newQuantity: number;
  newPrice: number;
  filled: number;
  state: OmsOrderState;
  /** Milliseconds of the OMS's clock when the last request left, for the latency figures. */
  sentAt: number;
}
