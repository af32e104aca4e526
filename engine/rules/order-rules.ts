// Rules about money that moves with an order or a day's trades rather than with a position: premium of buyers, the consolidated crystallised
// obligation, and when the pre-open session is and whether its orders net. Amounts in micros.
import { MICROS_PER_TICK } from '../units.ts';
import { MARGIN_RULES, ruleOn } from './margin-rules.ts';

/** Premium a buyer of options must have up front: price (ticks) x units. Before the rule brokers asked it all the same; then 0 here. */
export function premiumUpfront(price: number, units: number, date: number): number {
  return ruleOn('premium.upfront', date) === undefined ? 0 : Math.max(0, price * units * MICROS_PER_TICK);
}

/** A client's day across derivatives, micros. */
export interface CrystallisedDay {
  readonly premiumPaid: number;
  readonly premiumReceived: number;
  /** Profit positive; of trades closed out today. */
  readonly realised: number;
}

/** The consolidated crystallised obligation: what the client owes for closed trades and premium, net; never a credit. */
export function crystallisedObligation(day: CrystallisedDay, date: number): number {
  if (ruleOn('crystallised', date) === undefined) return 0;
  return Math.max(0, day.premiumPaid - day.premiumReceived - day.realised);
}

/** First business date of the crystallised obligation; the row of the table, looked up once. */
const CRYSTALLISED_SINCE = MARGIN_RULES.find(({ id }) => id === 'crystallised')?.from ?? Number.POSITIVE_INFINITY;

/** Is what was closed at a loss owed at once on this date (yyyymmdd), whatever is open gains? */
export function isCrystallised(date: number): boolean {
  return date >= CRYSTALLISED_SINCE;
}

const MINUTE = 60_000_000;
/** The pre-open session begins 15 minutes before continuous trading (09:00 for 09:15) and takes orders for the first 8; then the exchange matches. */
const SESSION_MICROS = 15 * MINUTE;
const ENTRY_MICROS = 8 * MINUTE;

/** Is `time` (EpochMicros) one at which the session before continuous trading at `opensAt` takes orders? */
export function takesPreOpenOrders(time: number, opensAt: number): boolean {
  const since = time - (opensAt - SESSION_MICROS);
  return since >= 0 && since < ENTRY_MICROS;
}

/** First business date the pre-open session of equity derivatives asks margin order by order; the row of the table, looked up once. */
const PRE_OPEN_SINCE = MARGIN_RULES.find(({ id }) => id === 'preOpen.gross')?.from ?? Number.POSITIVE_INFINITY;

/**
 * Does each order of the derivatives' pre-open session carry SPAN and exposure by itself on this date (yyyymmdd): nothing netted with the book or
 * between contracts, no calendar benefit, orders against each other in one contract the larger side? Before the rule there was no such session.
 */
export function isPreOpenGross(date: number): boolean {
  return date >= PRE_OPEN_SINCE;
}

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** India is 5:30 ahead of UTC. */
const IST = 5 * HOUR + 30 * MINUTE;
/** The T+0 session, since midnight in India (SEBI/HO/MRD/MRD-PoD-3/P/CIR/2024/20 of 21 March 2024): it has no pre-open. */
const SAME_DAY_FROM = 9 * HOUR + 15 * MINUTE;
const SAME_DAY_UNTIL = 13 * HOUR + 30 * MINUTE;

/** Is `time` (EpochMicros) within the T+0 session? Its end is not. */
export function isInSameDaySession(time: number): boolean {
  const since = (time + IST) % DAY;
  return since >= SAME_DAY_FROM && since < SAME_DAY_UNTIL;
}
