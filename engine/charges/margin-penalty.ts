// Penalties on margin: a client's short collection (and failing to report it), a member's own shortfall, and the misuse of client funds. Rates as NSE
// Clearing has them; GST is added by the note that carries them. Amounts in paise.
import { assert } from '../assert.ts';
import { type Paise, paise } from '../units.ts';
import { exactRupees, toPaise } from './exact-rupees.ts';

const ONE_LAKH = 100_000_00;
const MILLION = 1_000_000n;
/** paise x 1e-6 in units of 1e-18 rupee. */
const SCALE = 10n ** 10n;

/** Rates in millionths. */
const RATE = { small: 5_000n, large: 10_000n, repeated: 50_000n, member: 700n, misuse: 1_000n, misuseReported: 700n };

/** When short collection becomes repeated, by clearing house: the third day in a row, or so many days of a month, are the last at the ordinary rate. */
const REPEATED_AFTER = {
  NSE: { consecutive: 3, inMonth: 5 },
  BSE: { consecutive: 3, inMonth: 5 },
  MCX: { consecutive: 3, inMonth: 3 },
} as const;

/** One client's shortfall of one day. */
export interface MarginShortfall {
  readonly exchange: keyof typeof REPEATED_AFTER;
  readonly shortfall: Paise;
  /** Margin the client had to have that day. */
  readonly applicableMargin: Paise;
  /** 1 on the first day of a run of days with a shortfall. */
  readonly consecutiveDay: number;
  /** Days of the month with a shortfall, this one included. */
  readonly instancesInMonth: number;
}

/** A penalty and the rate it came from (a fraction of the base). */
export interface Penalty {
  readonly rate: number;
  readonly amount: Paise;
}

function penaltyAt(base: Paise, rate: bigint): Penalty {
  return { rate: Number(rate) / Number(MILLION), amount: toPaise(exactRupees(BigInt(base) * rate * SCALE)) };
}

/**
 * Penalty on a client's short margin: 0.5 % when below one lakh and below a tenth of the margin, else 1 %; 5 % once repeated. Beyond the third day in a row
 * or the fifth of the month (MCX: the third) it is repeated.
 */
export function shortMarginPenalty(short: MarginShortfall): Penalty {
  assert(short.shortfall >= 0 && short.applicableMargin >= 0, 'margins must not be negative');
  assert(short.consecutiveDay >= 1 && short.instancesInMonth >= 1, 'a shortfall is at least one instance');
  const limits = REPEATED_AFTER[short.exchange];
  if (short.consecutiveDay > limits.consecutive || short.instancesInMonth > limits.inMonth) return penaltyAt(short.shortfall, RATE.repeated);
  const isSmall = short.shortfall < ONE_LAKH && short.shortfall * 10 < short.applicableMargin;
  return penaltyAt(short.shortfall, isSmall ? RATE.small : RATE.large);
}

/** Margin not reported counts as wholly short: the penalty is the margin itself. */
export const nonReportingPenalty = (applicableMargin: Paise): Penalty => ({ rate: 1, amount: applicableMargin });

/** A member's own shortfall: 0.07 % a day, plus a fixed sum from the second instance of the month on. */
export function memberShortfallPenalty(shortfall: Paise, days: number, instance: number): Penalty {
  assert(
    shortfall >= 0 && Number.isInteger(days) && days >= 1 && Number.isInteger(instance) && instance >= 1,
    'a member shortfall has days and a count',
  );
  const fixed = instance >= 11 ? 50_000_00 : instance >= 6 ? 10_000_00 : instance >= 2 ? 5_000_00 : 0;
  const daily = penaltyAt(paise(shortfall * days), RATE.member);
  return { rate: daily.rate, amount: paise(daily.amount + fixed) };
}

/** Client funds used for others: 0.10 % a day, 0.07 % when the member reported it. */
export function clientFundsMisusePenalty(amount: Paise, days: number, isReported: boolean): Penalty {
  assert(amount >= 0 && Number.isInteger(days) && days >= 1, 'a misuse has an amount and days');
  return penaltyAt(paise(amount * days), isReported ? RATE.misuseReported : RATE.misuse);
}
