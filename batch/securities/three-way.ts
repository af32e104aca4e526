// A pay-out seen from three sides: what we expected for a client, what the clearing corporation says it paid out, what the depository credited. Pure. Every
// difference has a class and an owner; units a shortage explains are none.

/** Classes of difference and who looks after each. */
export const UNIT_BREAKS = {
  allocatedNotCredited: {
    owner: 'depository-operations',
    meaning: 'paid out by the clearing corporation and not credited: account mapped wrongly or closed',
  },
  creditedNotAllocated: { owner: 'depository-operations', meaning: 'credited, and the clearing corporation knows nothing of it' },
  expectedNeither: { owner: 'settlement-desk', meaning: 'expected, and neither paid out nor credited' },
  partial: { owner: 'settlement-desk', meaning: 'fewer units than expected, and no shortage explains it' },
  unexpected: { owner: 'settlement-desk', meaning: 'paid out and not expected' },
  wrongDemat: { owner: 'compliance', meaning: "credited to another client's account or to another account of the client: critical" },
  holding: { owner: 'depository-operations', meaning: 'the depository holds other units for the client than our books' },
  pool: { owner: 'depository-operations', meaning: 'the depository has other units in the pool account of a settlement than our books' },
  engine: { owner: 'risk-desk', meaning: 'the risk engine has other units than our books' },
} as const;
/** A class of UNIT_BREAKS. */
export type UnitBreakClass = keyof typeof UNIT_BREAKS;

/** Units of one client and ISIN as one of the three has them. */
export interface SeenUnits {
  readonly client: string;
  readonly isin: string;
  readonly units: number;
  /** Demat account; '' where the source does not say. */
  readonly bo: string;
}

/** One difference. */
export interface UnitBreak {
  readonly class: UnitBreakClass;
  readonly owner: string;
  readonly client: string;
  readonly isin: string;
  readonly expected: number;
  readonly allocated: number;
  readonly credited: number;
}

interface Sides {
  expected: number;
  allocated: number;
  credited: number;
  short: number;
  accounts: Set<string>;
}

/** Lays the three beside each other; `short` are units the clearing corporation says the client will not get now. Differences by client and ISIN. */
export function threeWay(
  expected: readonly SeenUnits[],
  allocated: readonly SeenUnits[],
  credited: readonly SeenUnits[],
  short: readonly Omit<SeenUnits, 'bo'>[],
): UnitBreak[] {
  const sides = new Map<string, Sides>();
  const of = (client: string, isin: string): Sides => {
    const key = `${client} ${isin}`;
    const known = sides.get(key) ?? { expected: 0, allocated: 0, credited: 0, short: 0, accounts: new Set<string>() };
    sides.set(key, known);
    return known;
  };
  const add = (rows: readonly SeenUnits[], side: 'expected' | 'allocated' | 'credited'): void => {
    for (const { client, isin, units, bo } of rows) {
      const one = of(client, isin);
      one[side] += units;
      if (bo !== '') one.accounts.add(bo);
    }
  };
  add(expected, 'expected');
  add(allocated, 'allocated');
  add(credited, 'credited');
  for (const { client, isin, units } of short) of(client, isin).short += units;
  const found: UnitBreak[] = [];
  for (const key of [...sides.keys()].sort()) {
    const [client = '', isin = ''] = key.split(' ');
    const one = sides.get(key);
    const kind = one === undefined ? undefined : classOf(one);
    if (one === undefined || kind === undefined) continue;
    const { expected: wanted, allocated: paid, credited: came } = one;
    found.push({ class: kind, owner: UNIT_BREAKS[kind].owner, client, isin, expected: wanted, allocated: paid, credited: came });
  }
  return wrongAccounts(found);
}

function classOf({ expected, allocated, credited, short, accounts }: Sides): UnitBreakClass | undefined {
  if (accounts.size > 1) return 'wrongDemat';
  if (allocated > credited) return 'allocatedNotCredited';
  if (credited > allocated) return 'creditedNotAllocated';
  if (expected - short === allocated) return undefined;
  if (allocated > expected) return 'unexpected';
  return allocated === 0 ? 'expectedNeither' : 'partial';
}

/** Units missing with one client and turning up with another, the same of the same ISIN, went to the wrong account. */
function wrongAccounts(found: readonly UnitBreak[]): UnitBreak[] {
  const isPair = (a: UnitBreak, b: UnitBreak): boolean => a.isin === b.isin && a.allocated - a.credited === b.credited - b.allocated;
  return found.map((one) => {
    const other = found.find((each) => each !== one && isPair(each, one));
    const isMissing = one.class === 'allocatedNotCredited' && other?.class === 'creditedNotAllocated';
    const isExtra = one.class === 'creditedNotAllocated' && other?.class === 'allocatedNotCredited';
    return isMissing || isExtra ? { ...one, class: 'wrongDemat', owner: UNIT_BREAKS.wrongDemat.owner } : one;
  });
}
