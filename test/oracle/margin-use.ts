// Alerts and risk-reduction mode from scratch: every account is looked at after every command, by the marks of the day.
import type { Account, Slot } from './book.ts';
import { availableOf, requirementNow } from './funds.ts';
import type { Happening } from './happening.ts';

const levelOf = (account: Account): number => (account.reducing ? 2 : account.alerted ? 1 : 0);

/** Sets the accounts' modes; says whose level is another than before. */
export function watchUse(slot: Slot): Happening[] {
  const { marks } = slot.policy;
  return [...slot.accounts.values()].flatMap((account) => {
    const before = levelOf(account);
    if (marks === undefined) {
      account.reducing = false;
      account.alerted = false;
      return [];
    }
    const gap = marks.enterAt - marks.leaveBelow;
    account.reducing = isUsed(slot, account, account.reducing ? marks.leaveBelow : marks.enterAt);
    account.alerted = isUsed(slot, account, account.alerted ? marks.alertAt - gap : marks.alertAt);
    const after = levelOf(account);
    return after === before ? [] : [{ kind: 'UtilisationChanged' as const, facts: { account: account.account, value: after, limit: before } }];
  });
}

function isUsed(slot: Slot, account: Account, mark: number): boolean {
  const requirement = requirementNow(slot, account);
  const available = availableOf(slot, account);
  return requirement > 0n && (available <= 0n || requirement * 10_000n >= available * BigInt(mark));
}
