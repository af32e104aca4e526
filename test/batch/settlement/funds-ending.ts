// What two days of a small house's money came to, for runs that have to come to the same wherever they were interrupted.
import { type FundsWorld, NEXT, PLACES } from './funds-world.ts';

/** How a settlement stands that has ended. Balances in paise. */
export interface FundsEnding {
  readonly notDone: object;
  readonly reconciled: string;
  /** Our accounts that lie at bank or clearing corporation, and the others. */
  readonly places: Readonly<Record<string, number>>;
  readonly others: Readonly<Record<string, number>>;
  readonly pending: number;
  readonly findings: readonly string[];
  readonly open: readonly string[];
}

/** Runs both days, T+0's afternoon first, from wherever the house stands, persons closing what was left open after each part, and says what it came to. */
export async function settleAll(world: FundsWorld): Promise<FundsEnding> {
  await world.afternoon();
  await world.settleBreaks();
  await world.evening();
  await world.settleBreaks();
  await world.morning();
  await world.settleBreaks();
  await world.nextDay();
  await world.settleBreaks();
  const open = world.breaks.all().filter(({ owner, state }) => owner === '' || state !== 'closed');
  return {
    notDone: world.notDone(),
    reconciled: world.status('BANK-RECON', NEXT),
    places: world.balances(PLACES),
    others: Object.fromEntries(Object.entries(world.balances()).filter(([account]) => !PLACES.test(account))),
    pending: world.ledger.head.totals.pending,
    findings: world.ledger.verify().findings,
    open: open.map(({ id }) => id),
  };
}
