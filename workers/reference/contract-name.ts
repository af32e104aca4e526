// Trading symbols of NSE derivatives: NIFTY26NOV24000CE for the month's last expiry, NIFTY26D0124000CE for a weekly one (year, month as
// 1-9 O N D, day), NIFTY26NOVFUT for a future.
import { printScaled } from './decimal-text.ts';

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const MONTH_LETTERS = '123456789OND';

/** A contract to be named; strike in ticks. */
export interface NamedContract {
  readonly symbol: string;
  readonly kind: 'FUT' | 'CE' | 'PE';
  readonly expiry: number;
  readonly strike: number;
  /** Last expiry of its month in this underlying. */
  readonly isMonthly: boolean;
}

/** The trading symbol. */
export function contractName(contract: NamedContract): string {
  const { expiry, kind } = contract;
  const month = (Math.floor(expiry / 100) % 100) - 1;
  const year = String(Math.floor(expiry / 10_000)).slice(2);
  const day = String(expiry % 100).padStart(2, '0');
  const date = contract.isMonthly ? `${year}${MONTH_NAMES[month]}` : `${year}${MONTH_LETTERS[month]}${day}`;
  return `${contract.symbol}${date}${kind === 'FUT' ? '' : strikeText(contract.strike)}${kind}`;
}

function strikeText(strike: number): string {
  return strike % 10_000 === 0 ? String(strike / 10_000) : printScaled(strike / 100, 2).replace(/0$/, '');
}

/** The expiries that are the last of their month among those given. */
export function monthlyExpiries(expiries: Iterable<number>): Set<number> {
  const lastOf = new Map<number, number>();
  for (const expiry of expiries) {
    const month = Math.floor(expiry / 100);
    lastOf.set(month, Math.max(lastOf.get(month) ?? 0, expiry));
  }
  return new Set(lastOf.values());
}
