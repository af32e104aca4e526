// Whether a holder may waive the exercise of a stock option that ends close to the money: its three strikes in the money that lie next to the final
// settlement price. The facility came, went, came again and is gone; every option in the money is exercised outside these spans. Index options settle
// in cash and have none.

interface Facility {
  /** First and last expiry it stands for, yyyymmdd. */
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

/** Strikes in the money, nearest first, that count as close to the money. */
export const CLOSE_TO_MONEY_STRIKES = 3;
/** Spans of expiry dates. Source: NSE Clearing circulars; the two ends as brokers reported them. */
export const DO_NOT_EXERCISE: readonly Facility[] = [
  { from: 20170831, to: 20211013, source: 'NSCCL/CMPT/35635 of 2017-08-22; ended with the expiry of 2021-10-14 (reported)' },
  { from: 20220428, to: 20230329, source: 'NSE Clearing circular of 2022-04-11; ended from 2023-03-30 (reported)' },
];

/** Is the facility there for an expiry date (yyyymmdd)? */
export const mayWaiveExercise = (expiry: number): boolean => DO_NOT_EXERCISE.some(({ from, to }) => expiry >= from && expiry <= to);

/** Is a strike close to the money? `strikes` are all of the same stock, expiry and type; ticks. Out of the money and at it there is nothing to waive. */
export function isCloseToMoney(strike: number, kind: 'CE' | 'PE', settlement: number, strikes: readonly number[]): boolean {
  const depth = (each: number): number => (kind === 'CE' ? settlement - each : each - settlement);
  if (depth(strike) <= 0) return false;
  return strikes.filter((each) => depth(each) > 0 && depth(each) < depth(strike)).length < CLOSE_TO_MONEY_STRIKES;
}
