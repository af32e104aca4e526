// Funding during a random day: sanctions, pledges accepted and released, lots from elsewhere, bonus and split; often what is not there: then it is refused.
import { OrdType, type ParameterTable, Product } from '../../engine/index.ts';
import type { Fields } from './commands.ts';
import type { DeskCommand } from './desk-script.ts';
import type { Random } from './random.ts';
import { BUSINESS_DATE } from './random-table.ts';

/** One command about an account's funding, in one of these shares. */
export function fundingOperation(
  random: Random,
  account: string,
  shares: readonly { readonly segment: number; readonly token: number }[],
): DeskCommand {
  const where = random.oneIn(40) ? { segment: 2, token: 1 } : random.pick([...shares]);
  const boughtOn = BUSINESS_DATE + random.int(-1, 2);
  switch (random.int(1, 6)) {
    case 1:
    case 2:
      return ['SetLimit', { account, maxFunded: random.pick([0, 20_000_00, 300_000_00, 9_000_000_00]) }];
    case 3:
    case 4:
      return ['PledgeFunded', { account, ...where, boughtOn, quantity: random.int(-20, 40), reference: 'P' }];
    case 5: {
      const units = random.int(1, 50);
      const cost = units * random.int(50_000, 400_000);
      return [
        'ImportFundedLot',
        { account, ...where, boughtOn, units, pledged: random.int(0, units + 1), cost, funded: Math.floor(cost * 0.7), reference: 'I' },
      ];
    }
    default:
      return [
        'ApplyCorporateAction',
        { ...where, newUnits: random.pick([2, 3, 7]), oldUnits: random.pick([1, 2, 3]), payout: random.pick([0, 5_000]), reason: 'bonus' },
      ];
  }
}

/** What makes an order one for a share in MTF, at its last close. */
export function fundedFields(random: Random, tables: readonly { readonly table: ParameterTable }[]): Fields {
  const { table } = random.pick([...tables]);
  const row = table.instruments - 1 - random.int(0, 3);
  const terms = { ordType: OrdType.LIMIT, stopPx: 0, displayQuantity: 0, timeInForce: 0, product: Product.MTF };
  const quantity = random.int(1, 60);
  return { ...terms, quantity, segment: table.segment[row] ?? 0, token: table.token[row] ?? 0, price: table.previousClose[row] ?? 0 };
}
