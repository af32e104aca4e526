// The night's part of margin trading funding (MTF): the loans of the day's funded purchases and what sales repaid, as the engine's close left them,
// and the house's interest on what is lent, by value date: a loan counts from the pay-in of its shares on, calendar days, a year of 365. Booked at
// once, by keys, because the reports show what clients have after it; a second try finds it booked. A house without `mtf` in house.json charges none,
// but books what its engine lent.
import { paise, paiseText } from '../../../engine/index.ts';
import { clientLoanAccount } from '../../ledger/account-chart.ts';
import { type BookingDay, fundingInterestPosting, loanPosting } from '../../ledger/client-postings.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import type { Gate, NodeContext, Outputs } from '../../runner/index.ts';
import { booksOf, type DayParts, dayNumber } from './day-parts.ts';
import { bookedForDelay, type ChargedDays, calendarDays, type DelayedPayment, delayedPayments } from './delayed-payment.ts';
import { bookedLoans, drawnOf, type LoansOfDate, loansOf, sumOf } from './funded-loans.ts';
import { type FundedRegister, fundedRegister } from './funded-register.ts';
import type { House } from './house.ts';
import { standAs } from './node-postings.ts';

/** What a night lent, was repaid and charged: rows of the register, outputs, and the gates between engine, register and books. */
export interface FundedNight {
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** Lots at the close; undefined where the engine does not stand there, or nobody was ever funded. */
  readonly lots: FundedRegister | undefined;
  readonly outputs: Outputs;
  readonly gates: readonly Gate[];
}

const NOTHING: FundedNight = { rows: [], lots: undefined, outputs: {}, gates: [] };

/** See the file's head. Of a house that never funded anybody: nothing. */
export async function bookFunding(parts: DayParts, context: NodeContext, { funding }: House): Promise<FundedNight> {
  const [ledger, { date, root }] = [booksOf(context.root), context];
  const loans = await loansOf(parts, context);
  if (loans.before.size === 0 && loans.after.size === 0 && bookedLoans(ledger).size === 0) return NOTHING;
  const days = { date, next: parts.calendar.tradedAfter(date) };
  const day = { businessDate: dayNumber(date), at: Math.floor(context.now() / 1000) };
  const due = dayNumber(parts.calendar.settlementDay(date, 1));
  // Loans first, under a key of their own: interest is on what they make of the books.
  standAs(ledger, { root, date, node: `${context.key} MTF-LOAN`, at: day.at }, loanPostings(day, loans, due));
  const clients = new Set([...loans.before.keys(), ...loans.after.keys()]);
  const charges = delayedPayments(ledger, clients, days, funding, (client) => [clientLoanAccount(client)]);
  standAs(ledger, { root, date, node: `${context.key} MTF-INTEREST`, at: day.at }, interestPostings(charges, day, days));
  const lots = await fundedRegister(parts, context);
  const charged = charges.reduce((sum, { interest, gst }) => sum + interest + gst, 0);
  return {
    rows: rowsOf(date, charges),
    lots,
    outputs: { lent: sumOf(loans.after), fundedClients: loans.after.size, fundingInterest: charged },
    gates: [
      { name: 'lent on funded shares, engine = books (paise)', left: sumOf(loans.after), right: sumOf(bookedLoans(ledger)) },
      { name: 'clients whose loan is the same in engine and books', left: loans.after.size, right: agreed(loans, ledger) },
      ...(lots === undefined ? [] : [{ name: 'lent lot by lot, register = books (paise)', left: lots.lent, right: sumOf(bookedLoans(ledger)) }]),
      { name: 'interest on funding, register = books (paise)', left: charged, right: bookedForDelay(ledger, date, 'MTF-INTEREST') },
    ],
  };
}

function agreed({ after }: LoansOfDate, ledger: Ledger): number {
  const booked = bookedLoans(ledger);
  return [...after].filter(([client, lent]) => booked.get(client) === lent).length;
}

function* loanPostings(day: BookingDay, loans: LoansOfDate, due: number): Generator<PostingRequest> {
  for (const [client, drawn] of drawnOf(loans)) {
    const posting = loanPosting(day, client, drawn, due);
    if (posting !== undefined) yield posting;
  }
}

function* interestPostings(charges: readonly DelayedPayment[], day: BookingDay, days: ChargedDays): Generator<PostingRequest> {
  const last = calendarDays(days).at(-1) ?? days.date;
  const until = last === days.date ? '' : ` to ${last}`;
  for (const { client, interest, gst, days: count, rate } of charges) {
    const posting = fundingInterestPosting(day, client, { amount: interest, gst, about: 'margin trading funding' });
    const narration = `margin trading funding ${days.date}${until}: ${count} ${count === 1 ? 'day' : 'days'} at ${rate} % a year`;
    if (posting !== undefined) yield { ...posting, narration };
  }
}

const rupees = (amount: number): string => paiseText(paise(amount));

/** The register's rows. */
const rowsOf = (date: string, charges: readonly DelayedPayment[]): FundedNight['rows'] =>
  charges.map(({ client, debit, days, debitDays, rate, interest, gst }) => ({
    ...{ date, client, rate, days: `${days}`, debit: rupees(debit), debitDays: rupees(debitDays) },
    ...{ interest: rupees(interest), gst: rupees(gst), total: rupees(interest + gst) },
  }));
