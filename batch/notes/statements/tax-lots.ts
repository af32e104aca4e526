// First in, first out. Shares bought and sold on the same day are matched with each other first and are speculative; the rest of a sale takes the
// oldest delivery lots, short term up to 365 days, long term beyond. Derivatives are matched first in, first out per contract, from either side.
// Pure; amounts in ticks (1/10,000 rupee).

/** One trade, as a note says it. Price in ticks. */
export interface TaxTrade {
  readonly date: string;
  readonly segment: string;
  /** ISIN of shares, name of contracts. */
  readonly key: string;
  readonly name: string;
  readonly side: 'B' | 'S';
  readonly quantity: number;
  readonly price: number;
}

export type GainKind = 'speculative' | 'short term' | 'long term' | 'derivatives' | 'cost not known';

/** One match of a purchase and a sale. */
export interface Gain {
  readonly kind: GainKind;
  readonly name: string;
  readonly bought: string;
  readonly sold: string;
  readonly quantity: number;
  /** Ticks. */
  readonly cost: bigint;
  readonly proceeds: bigint;
}

interface Lot {
  readonly trade: TaxTrade;
  left: number;
}

const SHORT_TERM_DAYS = 365;
const DAY_MS = 86_400_000;

const heldLong = (bought: string, sold: string): boolean => (Date.parse(sold) - Date.parse(bought)) / DAY_MS > SHORT_TERM_DAYS;
const value = (price: number, quantity: number): bigint => BigInt(price) * BigInt(quantity);

/** Gains of everything given, in the order of the closing trades. Trades must be in the order they happened. */
export function gainsOf(trades: readonly TaxTrade[]): Gain[] {
  const byKey = new Map<string, Lot[]>();
  for (const trade of trades) {
    const key = `${trade.segment} ${trade.key}`;
    const lots = byKey.get(key) ?? [];
    lots.push({ trade, left: trade.quantity });
    byKey.set(key, lots);
  }
  const gains: Gain[] = [];
  for (const lots of byKey.values()) {
    if (lots[0]?.trade.segment !== 'CM') matchContracts(lots, gains);
    else {
      matchSameDay(lots, gains);
      matchDelivery(lots, gains);
    }
  }
  return gains.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const orderOf = ({ sold, bought, name }: Gain): string => `${sold > bought ? sold : bought} ${name} ${bought} ${sold}`;

function match(kind: GainKind, buy: Lot, sale: Lot, gains: Gain[]): void {
  const quantity = Math.min(buy.left, sale.left);
  if (quantity === 0) return;
  buy.left -= quantity;
  sale.left -= quantity;
  const { name } = sale.trade;
  gains.push({
    kind,
    name,
    bought: buy.trade.date,
    sold: sale.trade.date,
    quantity,
    cost: value(buy.trade.price, quantity),
    proceeds: value(sale.trade.price, quantity),
  });
}

function matchSameDay(lots: readonly Lot[], gains: Gain[]): void {
  for (const sale of lots) {
    if (sale.trade.side !== 'S') continue;
    for (const buy of lots) if (buy.trade.side === 'B' && buy.trade.date === sale.trade.date) match('speculative', buy, sale, gains);
  }
}

function matchDelivery(lots: readonly Lot[], gains: Gain[]): void {
  for (const sale of lots) {
    if (sale.trade.side !== 'S') continue;
    for (const buy of lots) {
      if (sale.left === 0) break;
      if (buy.trade.side !== 'B' || buy.trade.date >= sale.trade.date) continue;
      match(heldLong(buy.trade.date, sale.trade.date) ? 'long term' : 'short term', buy, sale, gains);
    }
    if (sale.left === 0) continue;
    gains.push({
      kind: 'cost not known',
      name: sale.trade.name,
      bought: '',
      sold: sale.trade.date,
      quantity: sale.left,
      cost: 0n,
      proceeds: value(sale.trade.price, sale.left),
    });
    sale.left = 0;
  }
}

function matchContracts(lots: readonly Lot[], gains: Gain[]): void {
  const open: Lot[] = [];
  for (const lot of lots) {
    for (const other of open) {
      if (other.trade.side === lot.trade.side) continue;
      match('derivatives', lot.trade.side === 'B' ? lot : other, lot.trade.side === 'B' ? other : lot, gains);
    }
    if (lot.left > 0) open.push(lot);
  }
}
