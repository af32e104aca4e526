// What the operations desk does during a random day: funds, limits, holdings, standing, kill switches, parameter files, the end of the day
// and the next one; now and then a body that does not fit.
import { collateralOperation } from './collateral-script.ts';
import type { PlainCommand } from './commands.ts';
import type { DaySetting } from './day-script.ts';
import { Random } from './random.ts';

/** Where the day stands; changed by the commands written here. */
export interface DayInProgress {
  open: boolean;
  businessDate: number;
}

/** Kind and body of a rare command. */
export type DeskCommand = [PlainCommand['kind'], object];

/** OpenDay of the day after. */
export function openNextDay(random: Random, day: DayInProgress): DeskCommand {
  day.open = true;
  day.businessDate += 1;
  return ['OpenDay', openDayBody(random, day.businessDate)];
}

/** Body of OpenDay with a house policy drawn at random. */
export function openDayBody(random: Random, businessDate: number): object {
  const spanMultiplier = random.pick([10_000, 10_000, 12_500]);
  const riskReduction = { alertAt: 8_000, enterAt: 9_000, leaveBelow: 8_500 };
  const watched = random.oneIn(2) ? { riskReduction } : {};
  const gated = random.oneIn(6) ? { gatedSegments: [random.pick([1, 2, 4])] } : {};
  const cover = random.oneIn(3)
    ? {}
    : { coverRange: { least: random.pick([0, 100]), most: random.pick([600, 1_500]) }, ...(random.oneIn(3) ? {} : { targetMost: 1_000 }) };
  const policy = {
    cashRateFloor: random.pick([2000, 10_000]),
    spanMultiplier,
    maxOrderValue: 1_000_000_000,
    confirmWithin: 10_000_000,
    fundingLimit: 1_500_000_00,
    ...gated,
    ...watched,
    ...cover,
  };
  return { businessDate, ruleSet: 1, policy };
}

/** Any rare command. */
export function randomOperation(random: Random, setting: DaySetting, day: DayInProgress): DeskCommand {
  const account = random.oneIn(40) ? 'NOBODY' : random.pick(setting.accounts);
  const money = (): number => random.int(0, 12_000_000);
  switch (random.int(1, 30)) {
    case 1:
    case 2:
      return ['SetCollateral', { account, cash: money(), cashEquivalent: money(), nonCash: money() }];
    case 3:
    case 4:
      return ['CreditFunds', { account, amount: random.int(-6_000_000, 10_000_000), reference: 'R' }];
    case 5:
      return ['GrantAdhoc', { account, amount: money(), reason: 'intraday' }];
    case 6:
    case 7:
      return ['UpdateAccount', { account, status: random.pick(['ACTIVE', 'ACTIVE', 'FROZEN', 'REDUCE_ONLY']) }];
    case 8:
    case 9:
      return ['SetLimit', { account, ...limits(random) }];
    case 10:
    case 11:
    case 12:
      return random.oneIn(2) ? holding(random, setting, account) : conversion(random, setting, account);
    case 13:
      return random.oneIn(3) ? killSwitch(random, account) : gate(random);
    case 14:
    case 15:
    case 16: {
      const { hash } = random.pick(setting.tables);
      return ['LoadParameters', { tableHash: hash, label: hash }];
    }
    case 17:
      return ['TakeMarginSnapshot', snapshot(random)];
    case 18:
      return random.oneIn(2) ? endOfDay(random, day) : carried(random, setting, account);
    case 19:
      return broken(random, account);
    case 20:
      return random.oneIn(3) ? endOfDay(random, day) : ['CloseSegment', { businessDate: day.businessDate, segment: random.pick([1, 2, 4]) }];
    case 21:
      return settlement(random, setting, day);
    case 22:
      return arrival(random, setting, account);
    case 28:
      return lastDay(random, setting, account);
    case 29:
      return action(random, setting);
    case 30:
      return transfer(random, setting, account);
    case 24:
    case 25:
    case 26:
    case 27:
      return collateralOperation(random, account, day);
    default:
      return ['UpdateAccount', { account, status: 'ACTIVE', segments: random.pick([[1, 2, 4], [1, 2, 4], [2]]) }];
  }
}

/** Settlement prices of a few contracts; now and then of another day, or an odd list. */
function settlement(random: Random, setting: DaySetting, day: DayInProgress): DeskCommand {
  const table = setting.tables[0]?.table;
  const segment = random.pick([1, 2, 4]);
  const prices: number[] = [];
  for (let row = 0; row < (table?.instruments ?? 0); row++)
    if (table?.segment[row] === segment && random.oneIn(2))
      prices.push(table.token[row] ?? 0, Math.max(500, (table.previousClose[row] ?? 0) + 500 * random.int(-40, 40)));
  if (random.oneIn(12)) prices.push(7);
  return ['SettlePrices', { businessDate: day.businessDate + (random.oneIn(12) ? 1 : 0), segment, prices, isFinal: random.oneIn(4) }];
}

/** A row of the first table, derivatives first, the four shares last. */
function anyRow(random: Random, { tables }: DaySetting, shares: boolean): { segment: number; token: number; price: number } {
  const table = tables[0]?.table;
  const count = table?.instruments ?? 4;
  const row = shares ? count - random.int(1, 4) : random.int(0, Math.min(count - 5, 30));
  return { segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0, price: table?.previousClose[row] ?? 0 };
}

/** A contract ends, in cash or in shares; sometimes with more units than anybody holds. */
function lastDay(random: Random, setting: DaySetting, account: string): DeskCommand {
  const { segment, token, price } = anyRow(random, setting, false);
  const { price: _close, ...shares } = anyRow(random, setting, true);
  const units = 25 * random.int(-6, 6);
  const delivery = random.oneIn(2) ? { shares } : {};
  return ['ExerciseAssign', { account, segment, token, units, settled: random.oneIn(3) ? 0 : Math.abs(units), price, ...delivery }];
}

function action(random: Random, setting: DaySetting): DeskCommand {
  const { segment, token, price } = anyRow(random, setting, random.oneIn(2));
  const [newUnits, oldUnits] = random.pick([
    [2, 1],
    [3, 2],
    [1, 5],
    [7, 3],
    [0, 1],
  ]) as [number, number];
  const renamed = random.oneIn(3) ? { newToken: random.oneIn(2) ? 77_000 + token : anyRow(random, setting, false).token } : {};
  return [
    'ApplyCorporateAction',
    { segment, token, newUnits, oldUnits, ...(random.oneIn(4) ? { payout: Math.floor(price / 20) } : {}), ...renamed, reason: 'test' },
  ];
}

/** In of a trade nobody had, then perhaps out again: the numbers are few. */
function transfer(random: Random, setting: DaySetting, account: string): DeskCommand {
  const id = random.int(1, 3);
  const { segment, token, price } = anyRow(new Random(id), setting, id === 1);
  const trade = {
    segment,
    token,
    tradeDate: 20_261_120,
    tradeId: `M${id}`,
    side: id === 2 ? 'SELL' : 'BUY',
    quantity: 25 * id,
    price,
    product: 'CNC',
    reason: 'test',
  };
  return ['TransferTrade', { way: random.pick(['IN', 'OUT']), account, ...trade }];
}

/** Often more than is on its way: then it is refused. */
function arrival(random: Random, setting: DaySetting, account: string): DeskCommand {
  const table = setting.tables[0]?.table;
  const row = (table?.instruments ?? 4) - random.int(1, 4);
  const where = { segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 };
  if (random.oneIn(3)) {
    const [short, returned, lapsed] = [random.int(0, 30), random.int(0, 5), random.int(0, 3)];
    return ['SettleShortage', { account, ...where, short, returned, lapsed, reference: 'M2026224' }];
  }
  return ['CreditDelivery', { account, ...where, quantity: random.int(0, 20), reference: 'M 2026224' }];
}

function snapshot(random: Random): object {
  const number = random.oneIn(2) ? { number: random.int(1, 9) } : {};
  return { label: 'peak', ...number, ...(random.oneIn(3) ? { segments: random.pick([[1], [2], [2, 4]]) } : {}) };
}

function limits(random: Random): object {
  const maybe = (low: number, high: number): number => (random.oneIn(3) ? random.int(low, high) : 0);
  return {
    maxOrderQuantity: 25 * maybe(4, 16),
    maxOrderValue: maybe(5_000_000, 40_000_000),
    maxOpenOrderValue: maybe(10_000_000, 80_000_000),
    maxOpenOrders: maybe(3, 12),
    ...(random.oneIn(2) ? { maxNetQuantity: 25 * maybe(2, 14) } : {}),
    maxGrossValue: maybe(5_000_000, 60_000_000),
    maxTurnover: maybe(20_000_000, 150_000_000),
    maxLoss: maybe(10_000, 2_000_000),
  };
}

function holding(random: Random, setting: DaySetting, account: string): DeskCommand {
  const table = setting.tables[0]?.table;
  const row = (table?.instruments ?? 4) - random.int(1, 4);
  const units = (): number => random.int(0, 300);
  const where = { segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 };
  return ['SetHoldings', { account, ...where, free: units(), pledged: units(), t1: units() }];
}

/** Often of nothing that is held: then it is refused. */
function conversion(random: Random, setting: DaySetting, account: string): DeskCommand {
  const table = setting.tables[0]?.table;
  const row = (table?.instruments ?? 4) - random.int(1, 4);
  const where = { segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 };
  const [from, to] = random.pick([
    ['CNC', 'MIS'],
    ['MIS', 'CNC'],
    ['MIS', 'CNC'],
    ['CNC', 'MTF'],
    ['MTF', 'CNC'],
  ]) as [string, string];
  return ['ConvertPosition', { account, ...where, from, to, quantity: random.int(0, 60) }];
}

function carried(random: Random, setting: DaySetting, account: string): DeskCommand {
  const table = setting.tables[0]?.table;
  const row = random.int(0, (table?.instruments ?? 1) - 1);
  const where = { segment: table?.segment[row] ?? 0, token: table?.token[row] ?? 0 };
  const product = (table?.kind[row] ?? 0) === 0 ? random.int(1, 2) : 3;
  return ['ImportPosition', { account, ...where, product, quantity: random.int(-3, 3) * 50, price: table?.previousClose[row] ?? 0 }];
}

function killSwitch(random: Random, account: string): DeskCommand {
  const scope = random.oneIn(5) ? { scope: 'FIRM' } : { scope: 'ACCOUNT', account };
  return [random.oneIn(5) ? 'EngageKillSwitch' : 'ReleaseKillSwitch', { ...scope, reason: 'test', by: 'desk' }];
}

/** Mostly open, so that the day goes on. */
function gate(random: Random): DeskCommand {
  const state = random.pick(['OPEN', 'OPEN', 'OPEN', 'CLOSED', 'REDUCE_ONLY', 'PRE_OPEN', 'PRE_OPEN']);
  const by = random.pick([['a'], ['a', 'a'], ['a', 'b']]);
  const at = 1_800_000_000_000_000 + random.int(0, 400) * 1_000_000;
  const before = state === 'OPEN' && random.oneIn(2) ? { from: at + random.int(5, 17) * 60_000_000, preOpen: true } : { from: at };
  const later = random.oneIn(3) ? (state === 'PRE_OPEN' ? { opensAt: at } : before) : {};
  return ['SetSegmentState', { segment: random.pick([1, 2, 4]), state, reason: 'test', by, ...later }];
}

export function endOfDay(random: Random, day: DayInProgress): DeskCommand {
  if (!day.open || random.oneIn(6)) return ['CloseDay', { businessDate: day.businessDate + 1 }];
  day.open = false;
  return ['CloseDay', { businessDate: day.businessDate }];
}

/** Bodies that must be refused and change nothing. */
function broken(random: Random, account: string): DeskCommand {
  return random.pick<DeskCommand>([
    ['SetCollateral', { account, cash: 1, cashEquivalent: 2 }],
    ['SetCollateral', { account, cash: 0.5, cashEquivalent: 0, nonCash: 0 }],
    ['CreditFunds', { account, amount: '5', reference: 'R' }],
    ['GrantAdhoc', { account, amount: 0.5, reason: 'x' }],
    ['UpdateAccount', { account, status: 'ASLEEP' }],
    ['OpenAccount', { account, riskGroup: 'ab', status: 'ACTIVE', segments: [1], kind: 'CLIENT' }],
    ['EngageKillSwitch', { scope: 'PLANET', reason: 'x', by: 'y' }],
    ['SetLimit', { account, maxOpenOrders: -4 }],
    ['SetSegmentState', { segment: 9, state: 'CLOSED', reason: 'x', by: ['y'] }],
    ['SetSegmentState', { segment: 2, state: 'AJAR', reason: 'x', by: ['y'] }],
    ['SetSegmentState', { segment: 2, state: 'CLOSED', reason: 'x', by: 'y' }],
    ['SetSegmentState', { segment: 2, state: 'PRE_OPEN', reason: 'x', by: ['y'], from: 3e15 }],
    ['SetSegmentState', { segment: 2, state: 'CLOSED', reason: 'x', by: ['y'], opensAt: 1 }],
    ['SetSegmentState', { segment: 2, state: random.pick(['CLOSED', 'OPEN']), reason: 'x', by: ['y'], preOpen: true }],
    [
      'OpenDay',
      { businessDate: 20_200_101, ruleSet: 1, policy: { cashRateFloor: 2000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 1 } },
    ],
  ]);
}
