// The charges of one contract note: trades are gathered as turnover per charge key and per order, and multiplied once, when the note is asked for. Every
// charge but brokerage is linear in turnover, so the exact amounts do not depend on the order of trades nor on how they are cut into calls.
//
// Rounding (charges-vectors): STT/CTT and stamp duty to the whole rupee, half up, once per note; the others to the paisa, half up, once per note; GST on the
// exact base; the total is the sum of the rounded parts.
import type { Paise } from '../units.ts';
import { paise } from '../units.ts';
import { type BrokeragePlan, BrokerageSum, brokerageByKey, brokerageOf, isLinear, type KeyBrokerage } from './brokerage-plan.ts';
import { type ChargeRates, ratesOfKey } from './charge-rates.ts';
import { type ChargedTrade, type ChargeKey, chargeKey } from './charged-trade.ts';
import { type ExactRupees, exactRupees, toPaise, toWholeRupees } from './exact-rupees.ts';
import { TurnoverSum } from './turnover-sum.ts';

/** An amount before and after the note's rounding. */
export interface ChargeAmount {
  readonly exact: ExactRupees;
  readonly note: Paise;
}

/** Names of the parts, in the order they are shown. */
export const CHARGE_PARTS = ['brokerage', 'stt', 'exchange', 'ipft', 'sebi', 'stamp', 'gst'] as const;
export type ChargePart = (typeof CHARGE_PARTS)[number];

/** Charges of one note. `stt` is CTT on commodities. */
export type NoteCharges = Readonly<Record<ChargePart | 'total', ChargeAmount>>;

/** micros x 1e-9 in units of 1e-18 rupee. */
const SCALE = 1_000n;
/** GST has three decimals more than the base. */
const GST_SCALE = 1_000n;

/** All trades of one key. */
interface Bucket {
  readonly turnover: TurnoverSum;
  /** Undefined when orders do not matter, because only a percentage (or nothing) is charged. */
  readonly perOrder: PerOrder | undefined;
}

interface PerOrder {
  /** Trades without an order id, each an order by itself. */
  readonly alone: BrokerageSum;
  /** Turnover of orders named by an id. */
  readonly named: Map<string, TurnoverSum>;
}

/** What notes of one date and one plan share. */
export class ChargeTariff {
  readonly rates: ChargeRates;
  readonly plan: readonly KeyBrokerage[];

  constructor(rates: ChargeRates, plan: BrokeragePlan) {
    this.rates = rates;
    this.plan = brokerageByKey(plan);
  }
}

/** One contract note in the making. */
export class ChargeNote {
  private readonly tariff: ChargeTariff;
  private readonly buckets = new Map<ChargeKey, Bucket>();

  constructor(tariff: ChargeTariff) {
    this.tariff = tariff;
  }

  /** Adds one trade. Throws RateUnknown when the tariff does not know its rates; the note is then as before. */
  add(trade: ChargedTrade): void {
    const key = chargeKey(trade);
    const bucket = this.buckets.get(key) ?? this.open(key);
    bucket.turnover.add(trade.price, trade.quantity);
    if (bucket.perOrder === undefined) return;
    const known = trade.orderId === undefined ? undefined : bucket.perOrder.named.get(trade.orderId);
    const order = known ?? new TurnoverSum();
    order.add(trade.price, trade.quantity);
    if (trade.orderId === undefined) bucket.perOrder.alone.addOrder(order);
    else if (known === undefined) bucket.perOrder.named.set(trade.orderId, order);
  }

  /** Charges of everything added so far. */
  charges(): NoteCharges {
    let [brokerage, tax, exchange, ipft, sebi, stamp] = [0n, 0n, 0n, 0n, 0n, 0n];
    for (const [key, bucket] of this.buckets) {
      const rates = ratesOfKey(this.tariff.rates, key);
      const micros = bucket.turnover.micros * SCALE;
      brokerage += this.brokerageOf(key, bucket);
      tax += micros * rates.tax;
      exchange += micros * rates.exchange;
      ipft += micros * rates.ipft;
      sebi += micros * rates.sebi;
      stamp += micros * rates.stamp;
    }
    const base = brokerage + exchange + sebi + (this.tariff.rates.gstOnIpft ? ipft : 0n);
    const gst = (base * this.tariff.rates.gst) / GST_SCALE;
    return inTotal({
      brokerage: inPaise(brokerage),
      stt: inRupees(tax),
      exchange: inPaise(exchange),
      ipft: inPaise(ipft),
      sebi: inPaise(sebi),
      stamp: inRupees(stamp),
      gst: inPaise(gst),
    });
  }

  private open(key: ChargeKey): Bucket {
    ratesOfKey(this.tariff.rates, key);
    const terms = brokerageOf(this.tariff.plan, key);
    const perOrder = isLinear(terms) ? undefined : { alone: new BrokerageSum(terms), named: new Map() };
    const bucket: Bucket = { turnover: new TurnoverSum(), perOrder };
    this.buckets.set(key, bucket);
    return bucket;
  }

  private brokerageOf(key: ChargeKey, { turnover, perOrder }: Bucket): bigint {
    const terms = brokerageOf(this.tariff.plan, key);
    if (perOrder === undefined) return turnover.micros * terms.fraction * SCALE;
    const named = new BrokerageSum(terms);
    for (const order of perOrder.named.values()) named.addOrder(order);
    return perOrder.alone.amount + named.amount;
  }
}

const inPaise = (exact: bigint): ChargeAmount => ({ exact: exactRupees(exact), note: toPaise(exactRupees(exact)) });
const inRupees = (exact: bigint): ChargeAmount => ({ exact: exactRupees(exact), note: toWholeRupees(exactRupees(exact)) });

function inTotal(parts: Record<ChargePart, ChargeAmount>): NoteCharges {
  let [exact, note] = [0n, 0];
  for (const part of CHARGE_PARTS) {
    exact += parts[part].exact;
    note += parts[part].note;
  }
  return { ...parts, total: { exact: exactRupees(exact), note: paise(note) } };
}

/** Charges of a handful of trades at once. */
export function chargesOf(trades: Iterable<ChargedTrade>, tariff: ChargeTariff): NoteCharges {
  const note = new ChargeNote(tariff);
  for (const trade of trades) note.add(trade);
  return note.charges();
}
