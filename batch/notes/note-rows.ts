// Trades as the front page shows them: one row per security (by ISIN over exchanges) or contract and side, with value, quantity and weighted average.
import type { NoteRow, NoteTrade } from './contract-note.ts';

interface Sum {
  readonly first: NoteTrade;
  quantity: number;
  value: bigint;
  brokerage: number;
}

/** Rows by segment, security and side. A share has one name, whichever exchanges it was traded at: the front page names none. */
export function noteRows(trades: readonly NoteTrade[]): NoteRow[] {
  const sums = new Map<string, Sum>();
  const names = sharesByIsin(trades);
  for (const trade of trades) {
    // T+0 is a settlement of its own: the same share of both has two rows.
    const session = trade.isSameDay ? 'T+0' : '';
    const key = `${trade.segment} ${session} ${trade.isin !== '' && trade.segment === 'CM' ? trade.isin : trade.security} ${trade.side}`;
    const sum = sums.get(key) ?? { first: trade, quantity: 0, value: 0n, brokerage: 0 };
    sum.quantity += trade.quantity;
    sum.value += BigInt(trade.quantity) * BigInt(trade.price);
    sum.brokerage += trade.levies.brokerage;
    sums.set(key, sum);
  }
  return [...sums.values()]
    .map(({ first, quantity, value, brokerage }) => ({
      segment: first.segment,
      security: nameOf(names, first),
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

/** Names of shares by ISIN: as NSE lists them, where one was traded there. */
function sharesByIsin(trades: readonly NoteTrade[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { segment, exchange, isin, security } of trades)
    if (segment === 'CM' && isin !== '' && (exchange === 'NSE' || !names.has(isin))) names.set(isin, security);
  return names;
}

const nameOf = (names: ReadonlyMap<string, string>, { segment, isin, security }: NoteTrade): string =>
  segment === 'CM' ? (names.get(isin) ?? security) : security;

const placeOf = ({ segment, security, isin, side }: NoteRow): string => `${segment} ${security} ${isin} ${side}`;
