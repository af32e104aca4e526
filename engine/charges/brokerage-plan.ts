// What a client pays the broker for executing: per executed order the lower of a percentage of turnover and a flat amount. A plan names terms for
// combinations, most precise first: EXCHANGE-SEGMENT-PRODUCT, SEGMENT-PRODUCT, SEGMENT, default.
import { assert } from '../assert.ts';
import { CHARGE_EXCHANGES, CHARGE_PRODUCTS, CHARGE_SEGMENTS, CHARGE_TERMS, type ChargeKey, type ChargeTerms } from './charged-trade.ts';
import { type ExactRupees, exactRupees, NO_RUPEES } from './exact-rupees.ts';
import { TurnoverSum } from './turnover-sum.ts';

/** One line of a plan. Both absent: nothing is charged. */
export interface BrokerageTerms {
  /** 1e-9 of turnover: 0.03 % is 300,000. */
  readonly fraction?: bigint | undefined;
  readonly flat?: ExactRupees | undefined;
}

/** Terms by name; see the head of the file. */
export type BrokeragePlan = ReadonlyMap<string, BrokerageTerms>;

/** Nothing is charged. */
export const NO_BROKERAGE: BrokeragePlan = new Map();

/** Every name a plan may use. */
export const PLAN_NAMES: ReadonlySet<string> = new Set([
  'default',
  ...CHARGE_SEGMENTS,
  ...CHARGE_SEGMENTS.flatMap((segment) => CHARGE_PRODUCTS.map((product) => `${segment}-${product}`)),
  ...CHARGE_EXCHANGES.flatMap((exchange) =>
    CHARGE_SEGMENTS.flatMap((segment) => CHARGE_PRODUCTS.map((product) => `${exchange}-${segment}-${product}`)),
  ),
]);

function termsFor(plan: BrokeragePlan, { exchange, segment, product }: ChargeTerms): BrokerageTerms {
  return plan.get(`${exchange}-${segment}-${product}`) ?? plan.get(`${segment}-${product}`) ?? plan.get(segment) ?? plan.get('default') ?? {};
}

/** Terms of one key, with the turnover up to which the percentage is the lower one. */
export interface KeyBrokerage {
  readonly fraction: bigint;
  readonly flat: ExactRupees;
  /** Orders up to this turnover (micros) pay the percentage; -1 = all pay the flat amount. */
  readonly percentUpTo: bigint;
  /** The same in ticks, rounded down and capped at 2^53. */
  readonly percentUpToTicks: number;
}

const UNBOUNDED = 10n ** 40n;
/** micros x 1e-9 in units of 1e-18 rupee. */
const SCALE = 1_000n;

function keyBrokerage({ fraction, flat }: BrokerageTerms): KeyBrokerage {
  assert((fraction ?? 0n) >= 0n && (flat ?? 0n) >= 0n, 'brokerage must not be negative');
  const percentUpTo = flat === undefined ? UNBOUNDED : fraction === undefined ? -1n : fraction === 0n ? UNBOUNDED : flat / (fraction * SCALE);
  const inTicks = percentUpTo < 0n ? -1n : percentUpTo / 100n;
  const percentUpToTicks = inTicks > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(inTicks);
  return { fraction: fraction ?? 0n, flat: flat ?? NO_RUPEES, percentUpTo, percentUpToTicks };
}

/** A plan laid out by charge key. */
export function brokerageByKey(plan: BrokeragePlan): readonly KeyBrokerage[] {
  return CHARGE_TERMS.map((terms) => keyBrokerage(termsFor(plan, terms)));
}

/** Does every order pay the percentage? Then turnover alone decides. */
export const isLinear = (terms: KeyBrokerage): boolean => terms.percentUpTo === UNBOUNDED;

/** Brokerage on executed orders, gathered by which of the two terms was the lower. */
export class BrokerageSum {
  private readonly terms: KeyBrokerage;
  private readonly percent = new TurnoverSum();
  private flats = 0;

  constructor(terms: KeyBrokerage) {
    this.terms = terms;
  }

  /** One executed order of that turnover. */
  addOrder(turnover: TurnoverSum): void {
    if (turnover.isAtMost(this.terms.percentUpTo, this.terms.percentUpToTicks)) this.percent.join(turnover);
    else this.flats += 1;
  }

  get amount(): ExactRupees {
    return exactRupees(this.percent.micros * this.terms.fraction * SCALE + BigInt(this.flats) * this.terms.flat);
  }
}

/** Key of the terms, for those who hold a plan laid out by key. */
export function brokerageOf(plan: readonly KeyBrokerage[], key: ChargeKey): KeyBrokerage {
  const terms = plan[key];
  assert(terms !== undefined, 'charge key out of range');
  return terms;
}
