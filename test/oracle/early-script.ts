// Early pay-in during a random day: of shares and of money, more and less than is sold and bought, and taken back.
import type { DeskCommand } from './desk-script.ts';
import type { Random } from './random.ts';

const MONEY = [50_000, 1_000_000, 2_500_000, 9_000_001];

/** One booking of an account, in one of these shares; often more than there is to take back: then it is refused. */
export function earlyOperation(
  random: Random,
  account: string,
  shares: readonly { readonly segment: number; readonly token: number }[],
): DeskCommand {
  const sign = random.oneIn(3) ? -1 : 1;
  const reference = 'M2026223';
  if (random.oneIn(2)) return ['BookEarlyPayIn', { account, way: 'FUNDS', quantity: sign * random.pick(MONEY), reference }];
  const where = random.oneIn(30) ? { segment: 2, token: 1 } : random.pick([...shares]);
  return ['BookEarlyPayIn', { account, way: 'SECURITIES', ...where, quantity: sign * random.int(0, 250), reference }];
}
