// What each trade of an annexure contributes to the note's charges. Linear levies are exact per trade; the brokerage of an order is shared over its
// trades by value, so that the shares sum to the order's. Every figure is rounded once, to four decimals, for showing; what is booked is the note's.
import { type ChargedTrade, ChargeNote, type ChargeTariff, chargeKey, ratesOfKey } from '../../engine/index.ts';
import type { TradeLevies } from './contract-note.ts';

/** 1e-18 rupee in a tick. */
const PER_TICK = 10n ** 14n;
/** micros x 1e-9 in units of 1e-18 rupee. */
const SCALE = 1_000n;
const GST_SCALE = 1_000n;

const inTicks = (exact: bigint): number => Number((exact + PER_TICK / 2n) / PER_TICK);
const turnoverOf = ({ price, quantity }: ChargedTrade): bigint => BigInt(price) * BigInt(quantity);

/** Levies of each trade, in the order given. Throws RateUnknown. */
export function tradeLevies(trades: readonly ChargedTrade[], tariff: ChargeTariff): TradeLevies[] {
  const brokerage = brokerages(trades, tariff);
  return trades.map((trade, i) => {
    const { tax, exchange, ipft, sebi, stamp } = ratesOfKey(tariff.rates, chargeKey(trade));
    const micros = turnoverOf(trade) * SCALE;
    const own = brokerage[i] ?? 0n;
    const base = own + micros * exchange + micros * sebi + (tariff.rates.gstOnIpft ? micros * ipft : 0n);
    return {
      brokerage: inTicks(own),
      stt: inTicks(micros * tax),
      exchange: inTicks(micros * exchange),
      ipft: inTicks(micros * ipft),
      sebi: inTicks(micros * sebi),
      stamp: inTicks(micros * stamp),
      gst: inTicks((base * tariff.rates.gst) / GST_SCALE),
    };
  });
}

/** Exact brokerage of each trade: its share of its order's, by value. */
function brokerages(trades: readonly ChargedTrade[], tariff: ChargeTariff): bigint[] {
  const orders = new Map<string, number[]>();
  for (const [i, trade] of trades.entries()) {
    const order = trade.orderId === undefined ? `#${i}` : `${chargeKey(trade)} ${trade.orderId}`;
    const known = orders.get(order);
    if (known === undefined) orders.set(order, [i]);
    else known.push(i);
  }
  const shares: bigint[] = new Array<bigint>(trades.length).fill(0n);
  for (const members of orders.values()) shareOrder(trades, members, tariff, shares);
  return shares;
}

function shareOrder(trades: readonly ChargedTrade[], members: readonly number[], tariff: ChargeTariff, shares: bigint[]): void {
  const note = new ChargeNote(tariff);
  let turnover = 0n;
  for (const i of members) {
    const trade = trades[i];
    if (trade === undefined) continue;
    note.add(trade);
    turnover += turnoverOf(trade);
  }
  const total = note.charges().brokerage.exact;
  let [seen, given] = [0n, 0n];
  for (const i of members) {
    const trade = trades[i];
    if (trade === undefined || turnover === 0n) continue;
    seen += turnoverOf(trade);
    const upTo = (total * seen) / turnover;
    shares[i] = upTo - given;
    given = upTo;
  }
}
