// Differences between our trades and the exchange's: classes, and who looks after each. Numbers of a class never change its meaning; a new kind of
// difference is a new class.

/** Classes of break and their owner. */
export const TRADE_BREAKS = {
  missingOurs: { owner: 'oms-desk', meaning: 'the exchange has a trade that we do not have' },
  missingExchange: { owner: 'exchange-operations', meaning: 'we have a trade that the exchange does not have' },
  quantity: { owner: 'oms-desk', meaning: 'the quantities differ' },
  price: { owner: 'oms-desk', meaning: 'the prices differ' },
  instrument: { owner: 'back-office', meaning: 'the instruments differ' },
  client: { owner: 'dealing-desk', meaning: 'the trade stands under another client' },
  cancelledThere: { owner: 'oms-desk', meaning: 'the exchange cancelled it and we still count it' },
  cancelledHere: { owner: 'exchange-operations', meaning: 'we cancelled it and the exchange still counts it' },
  twiceHere: { owner: 'oms-desk', meaning: 'our own list has the trade twice' },
} as const;
/** A class of TRADE_BREAKS. */
export type TradeBreakClass = keyof typeof TRADE_BREAKS;

/** Which of our lists a break is about: the engine's book or the order system's. */
export type OwnList = 'engine' | 'oms';

/** One side of a trade, ours or theirs. Quantity in units, price in ticks. */
export interface TradeSide {
  readonly exchange: string;
  readonly tradeId: string;
  readonly side: 'B' | 'S';
  readonly client: string;
  readonly token: number;
  readonly quantity: number;
  readonly price: number;
  readonly isCancelled: boolean;
  /** The exchange's number of the order, where the list has it. */
  readonly order?: string;
}

/** A trade of one of our lists; the product where the list knows it. */
export interface OwnTrade extends TradeSide {
  readonly product: 'CNC' | 'MIS' | 'NRML' | undefined;
}

/** How a trade is put right in the engine, as far as its break does not say so itself. */
export interface TradeCorrection {
  /** Account it goes to, for a trade under another client; else the exchange's client. */
  readonly to?: string | undefined;
  /** Product of a share trade that no order of ours brought; else delivery. */
  readonly product?: 'CNC' | 'MIS' | undefined;
}

/** One difference. */
export interface TradeBreak {
  readonly class: TradeBreakClass;
  readonly list: OwnList;
  readonly owner: string;
  readonly tradeId: string;
  readonly side: 'B' | 'S';
  readonly client: string;
  readonly ours: TradeSide | undefined;
  readonly theirs: TradeSide | undefined;
}
