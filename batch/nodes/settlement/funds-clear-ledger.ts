// What the books owe a client clear: money that counts by a day, without what is reserved and without credits whose settlement is still to come.
import type { Ledger } from '../../ledger/ledger.ts';

const LINES = 200;
/** No settlement is further off than this. */
const DAYS_AHEAD_MAX = 31;
const DAY_MS = 86_400_000;

/** Paise of a client's account, never below zero. `date` is yyyymmdd; credits with a later value date do not count. */
export function clearLedger(ledger: Ledger, account: string, date: number): number {
  const state = ledger.account(account);
  if (state === undefined || state.available <= 0) return 0;
  const since = daysBefore(date, DAYS_AHEAD_MAX);
  let clear = state.available;
  for (let end = state.lines; end > 0; ) {
    const after = Math.max(0, end - LINES);
    const lines = ledger.statement(account, after, end - after)?.lines ?? [];
    for (const { amount, valueDate } of lines) if (amount > 0 && valueDate > date) clear -= amount;
    end = (lines[0]?.businessDate ?? 0) < since ? 0 : after;
  }
  return Math.max(0, clear);
}

function daysBefore(date: number, days: number): number {
  const text = `${date}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return Number(new Date(Date.parse(text) - days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', ''));
}
