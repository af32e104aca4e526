// Delayed-payment charges: interest of the house on what a client owes at the end of a day, by value date, for that day and every calendar day until
// the next traded one. Simple interest: what was charged in a calendar month bears none before the month is over. The rate is the house's own, dated;
// whether GST is on it the house says too, because authorities and houses differ: the Act counts interest for late payment into a supply's value
// (CGST Act 2017, section 15(2)(d); so the rulings for SPFL Securities, 14 December 2018, and Indo Thai Securities, 2019), and large houses publish
// that they charge none on a debit balance.
import { gstOn, type InterestSpan, paise, simpleInterest } from '../../../engine/index.ts';
import { clientAccount, clientMarginAccount } from '../../ledger/account-chart.ts';
import { type BookingDay, interestPosting } from '../../ledger/client-postings.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { type ValueDated, valueDated } from '../../ledger/value-dated.ts';
import { dayNumber } from './day-parts.ts';

/** A rate of the house, from a date on until the next one begins. */
export interface DelayedPaymentRate {
  /** YYYY-MM-DD. */
  readonly from: string;
  /** "18", "14.99"; "0" charges nothing. */
  readonly percentPerYear: string;
  readonly gst: boolean;
}

/** What one client is charged for one night. Paise. */
export interface DelayedPayment {
  readonly client: string;
  /** Owed at the end of the day. */
  readonly debit: number;
  /** Calendar days with a debit, and the sum of the debits of those days. */
  readonly days: number;
  readonly debitDays: number;
  /** Rates of those days: "18", or "18/15" where one changes. */
  readonly rate: string;
  readonly interest: number;
  readonly gst: number;
}

/** The nights' days. */
export interface ChargedDays {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** The next traded date; its own night charges it. */
  readonly next: string;
}

const INTEREST = 'INTEREST';
const DAY_MILLIS = 86_400_000;

/** The rate of a date; undefined before the first. */
export const rateOn = (rates: readonly DelayedPaymentRate[], date: string): DelayedPaymentRate | undefined =>
  [...rates].sort((a, b) => (a.from < b.from ? -1 : 1)).findLast(({ from }) => from <= date);

/**
 * What `clients` are charged for the days on what their accounts together are in debit, in the order of their codes; whoever owes nothing, or less
 * than half a paisa's interest, is not in it.
 */
export function delayedPayments(
  ledger: Ledger,
  clients: Iterable<string>,
  days: ChargedDays,
  rates: readonly DelayedPaymentRate[],
  accountsOf: (client: string) => readonly string[] = (client) => [clientAccount(client), clientMarginAccount(client)],
): DelayedPayment[] {
  const dates = calendarDays(days).flatMap((date) => {
    const rate = rateOn(rates, date);
    return rate === undefined || Number(rate.percentPerYear) === 0 ? [] : [{ date, rate }];
  });
  if (dates.length === 0) return [];
  return [...clients].sort().flatMap((client) => {
    const standings = accountsOf(client).map((account) => withoutFreshInterest(ledger, account, days.date));
    const owed = dates.map((one) => ({ ...one, debit: Math.max(0, -standings.reduce((sum, standing) => sum + on(standing, one.date), 0)) }));
    const charged = charge(client, owed);
    return charged.interest === 0 ? [] : [charged];
  });
}

/** Calendar dates from the night's day on, until the next traded one. */
export function calendarDays({ date, next }: ChargedDays): string[] {
  const found: string[] = [];
  for (let at = Date.parse(date); at < Date.parse(next); at += DAY_MILLIS) found.push(new Date(at).toISOString().slice(0, 10));
  return found;
}

/** The account on the date without the interest of its month, its own night's and later ones' among it: a second run sees what the first saw. */
function withoutFreshInterest(ledger: Ledger, account: string, date: string): ValueDated {
  const month = Math.floor(dayNumber(date) / 100) * 100;
  return valueDated(ledger, account, dayNumber(date), ({ kind, from }) => kind === INTEREST && from > month);
}

const on = ({ balance, later }: ValueDated, date: string): number =>
  later.reduce((sum, { from, amount }) => (from <= dayNumber(date) ? sum + amount : sum), balance);

function charge(client: string, owed: readonly { readonly rate: DelayedPaymentRate; readonly debit: number }[]): DelayedPayment {
  const inDebit = owed.filter(({ debit }) => debit > 0);
  const spans = inDebit.map(({ rate, debit }): InterestSpan => ({ principal: paise(debit), days: 1, percentPerYear: rate.percentPerYear }));
  const taxed = simpleInterest(spans.filter((_, at) => inDebit[at]?.rate.gst === true)).note;
  return {
    client,
    debit: owed[0]?.debit ?? 0,
    days: inDebit.length,
    debitDays: inDebit.reduce((sum, { debit }) => sum + debit, 0),
    rate: [...new Set(inDebit.map(({ rate }) => rate.percentPerYear))].join('/'),
    interest: simpleInterest(spans).note,
    gst: gstOn(taxed).note,
  };
}

/** The night's postings: they count from its date. */
export function* delayedPaymentPostings(charges: readonly DelayedPayment[], day: BookingDay, { date, next }: ChargedDays): Generator<PostingRequest> {
  const last = calendarDays({ date, next }).at(-1) ?? date;
  for (const { client, interest, gst, days, rate } of charges) {
    const until = last === date ? '' : ` to ${last}`;
    const narration = `delayed payment ${date}${until}: ${days} ${days === 1 ? 'day' : 'days'} in debit at ${rate} % a year`;
    const posting = interestPosting(day, client, { amount: interest, gst, about: 'delayed payment' });
    if (posting !== undefined) yield { ...posting, narration };
  }
}

/** Interest of a date as it stands in the books, paise, GST included: by the house's income account (that of delayed payment) and the entries it names. */
export function bookedForDelay(ledger: Ledger, date: string, account = 'INTEREST'): number {
  const page = 200;
  const wanted = dayNumber(date);
  let sum = 0;
  for (let end = ledger.account(account)?.lines ?? 0; end > 0; ) {
    const after = Math.max(0, end - page);
    const lines = ledger.statement(account, after, end - after)?.lines ?? [];
    for (const line of lines) {
      const entry = ledger.entry(line.entry);
      const counts = line.type === 'reversal' ? ledger.entry(entry?.link ?? 0) : entry;
      if (line.kind !== INTEREST || counts?.valueDate !== wanted) continue;
      sum += (line.type === 'reversal' ? -1 : 1) * counts.transfers.reduce((total, { amount }) => total + amount, 0);
    }
    // Nothing of a date is booked before it.
    end = (lines[0]?.businessDate ?? 0) < wanted ? 0 : after;
  }
  return sum;
}
