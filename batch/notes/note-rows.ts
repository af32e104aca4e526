// Trades as the front page shows them: one row per security (by ISIN over exchanges) or contract and side, with value, quantity and weighted average.
import type { NoteRow, NoteTrade } from './contract-note.ts';

interface Sum {
  readonly first: NoteTrade;
  quantity: number;
  value: bigint;
  brokerage: number;
}

/** Rows by segment, security and side. */
export function noteRows(trades: readonly NoteTrade[]): NoteRow[] {
  const sums = new Map<string, Sum>();
  for (const trade of trades) {
    const key = `${trade.segment} ${trade.isin !== '' && trade.segment === 'CM' ? trade.isin : trade.security} ${trade.side}`;
    const sum = sums.get(key) ?? { first: trade, quantity: 0, value: 0n, brokerage: 0 };
    sum.quantity += trade.quantity;
    sum.value += BigInt(trade.quantity) * BigInt(trade.price);
    sum.brokerage += trade.levies.brokerage;
    sums.set(key, sum);
  }
  return [...sums.values()]
    .map(({ first, quantity, value, brokerage }) => ({
      segment: first.segment,
      security: first.security,
      isin: first.isin,
      side: first.side,
      quantity,
      value: Number(value),
      isFuture: first.isFuture,
      closing: first.closing,
      average: Number((value * 2n + BigInt(quantity)) / (BigInt(quantity) * 2n)),
      brokerage,
    }))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

const placeOf = ({ segment, security, isin, side }: NoteRow): string => `${segment} ${security} ${isin} ${side}`;
