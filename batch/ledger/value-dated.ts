// What an account came to on a day by value date: money counts from the day it is due or received, whenever it was booked, and a reversal takes effect when
// what it reverses did. Read backwards from the newest line; what was booked a month before the day is long since due.
import type { Ledger } from './ledger.ts';

/** One line that is not in the balance of `date`. Paise, above zero it raises the account. */
export interface DatedAmount {
  /** yyyymmdd from which it counts. */
  readonly from: number;
  readonly amount: number;
}

/** An account as it stood at the end of a date, and what counts from a later one. */
export interface ValueDated {
  readonly balance: number;
  readonly later: readonly DatedAmount[];
}

/** A line that is looked at: its kind and the date it counts from. */
export interface LookedAt {
  readonly kind: string;
  readonly from: number;
}

const LINES = 200;
const DAYS_BACK = 40;
const DAY_MILLIS = 86_400_000;

/** The account at the end of `date` (yyyymmdd), leaving out lines for which `isLeftOut`. An account that is not there has nothing. */
export function valueDated(ledger: Ledger, account: string, date: number, isLeftOut: (line: LookedAt) => boolean): ValueDated {
  const state = ledger.account(account);
  const later: DatedAmount[] = [];
  let balance = state?.balance ?? 0;
  const since = dayBefore(date, DAYS_BACK);
  for (let end = state?.lines ?? 0; end > 0; ) {
    const after = Math.max(0, end - LINES);
    const lines = ledger.statement(account, after, end - after)?.lines ?? [];
    for (const { amount, kind, type, entry, valueDate } of lines) {
      const from = type === 'reversal' ? reversedFrom(ledger, entry) : valueDate;
      if (isLeftOut({ kind, from })) balance -= amount;
      else if (from > date) {
        balance -= amount;
        later.push({ from, amount });
      }
    }
    end = (lines[0]?.businessDate ?? 0) < since ? 0 : after;
  }
  return { balance, later };
}

/** The value date of what a reversal reverses. */
function reversedFrom(ledger: Ledger, reversal: number): number {
  const entry = ledger.entry(reversal);
  return ledger.entry(entry?.link ?? 0)?.valueDate ?? entry?.valueDate ?? 0;
}

/** `days` calendar days before a date, both yyyymmdd. */
function dayBefore(date: number, days: number): number {
  const text = `${date}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return Number(new Date(Date.parse(text) - days * DAY_MILLIS).toISOString().slice(0, 10).replaceAll('-', ''));
}
