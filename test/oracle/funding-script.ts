// Funding during a random day: sanctions, pledges accepted and released, lots from elsewhere, lots closed out, bonus and split; often what is not
// there: then it is refused.
import { OrdType, type ParameterTable, Product } from '../../engine/index.ts';
import type { Fields } from './commands.ts';
import type { DeskCommand } from './desk-script.ts';
import type { Random } from './random.ts';
import { BUSINESS_DATE } from './random-table.ts';

/** One command about an account's funding, in one of these shares. */
export function fundingOperation(random: Random, account: string, shares: readonly Share[]): DeskCommand {
  const where = random.oneIn(40) ? { segment: 2, token: 1 } : random.pick([...shares]);
  const boughtOn = BUSINESS_DATE + random.int(-1, 2);
  switch (random.int(1, 10)) {
    case 9:
    case 10:
      return sliceOperation(random);
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
    case 6:
      return conversion(random, account, where);
    case 7:
      return ['SettleShortage', { account, ...where, short: 0, returned: 0, lapsed: random.int(0, 20), boughtOn, reference: 'M2026224' }];
    default:
      return [
        'ApplyCorporateAction',
        { ...where, newUnits: random.pick([2, 3, 7]), oldUnits: random.pick([1, 2, 3]), payout: random.pick([0, 5_000]), reason: 'bonus' },
      ];
  }
}

/** What the house lends in all: set, often to what is soon spent, ended or asked back; of an old number, which changes nothing and says what is used. */
function sliceOperation(random: Random): DeskCommand {
  const about = { corporation: 'FUNDING', number: random.int(1, 60) };
  if (random.oneIn(3)) return ['RecallSlice', { ...about, keep: random.pick([0, 50_000_00]) }];
  return ['GrantSlice', random.oneIn(5) ? about : { ...about, slice: random.pick([0, 40_000_00, 300_000_00, 9_000_000_00]) }];
}

interface Share {
  readonly segment: number;
  readonly token: number;
}

function conversion(random: Random, account: string, where: Share): DeskCommand {
  const [from, to] = random.pick([
    ['CNC', 'MTF'],
    ['MTF', 'CNC'],
  ]) as [string, string];
  return ['ConvertPosition', { account, ...where, from, to, quantity: random.int(1, 40) }];
}

/**
 * Conversions of one share between delivery and funding, back and forth, with what they need: lots, deliveries, fills of both, money now more, now
 * less, and nights.
 */
export function conversionOperation(random: Random, account: string, share: Share): DeskCommand {
  const price = random.int(19_000, 21_000) * 500;
  switch (random.int(1, 12)) {
    case 1: {
      const [units, boughtOn] = [random.int(1, 50), BUSINESS_DATE - random.int(0, 3)];
      const cost = units * random.int(80_000, 120_000);
      const lot = { boughtOn, units, pledged: random.int(0, units), cost, funded: Math.floor(cost * 0.7) };
      return ['ImportFundedLot', { account, ...share, ...lot, reference: 'I' }];
    }
    case 2:
      return ['ImportPosition', { account, ...share, product: Product.CNC, quantity: random.int(-10, 60), price }];
    case 3:
      return ['SetLimit', { account, maxFunded: random.pick([0, 10_000_00, 300_000_00, 9_000_000_00]) }];
    case 4:
      return ['SetCollateral', { account, cash: random.int(0, 80_000_00), cashEquivalent: random.pick([0, 9_000_000_00]), nonCash: 0 }];
    default:
      return conversion(random, account, share);
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
