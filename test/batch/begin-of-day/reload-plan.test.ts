// The reload's plan over small books: what is sent, and which sums stand against each other.
import { describe, expect, it } from 'vitest';
import type { MasterClient } from '../../../batch/nodes/begin-of-day/client-master.ts';
import type { UnitRatio } from '../../../batch/nodes/begin-of-day/corporate-actions.ts';
import { type ReloadInputs, reloadPlan } from '../../../batch/nodes/begin-of-day/reload-plan.ts';
import type { EngineClient } from '../../../batch/nodes/engine/engine-state.ts';
import type { ImportPositionBody, SetHaircutsBody } from '../../../engine/index.ts';
import { buildParameterTable, ExchangeSegment } from '../../../engine/index.ts';

const master = (account: string, over: Partial<MasterClient> = {}): MasterClient => ({
  account,
  riskGroup: account,
  status: 'ACTIVE',
  kind: 'CLIENT',
  segments: [1, 2],
  cash: 100_000,
  cashEquivalent: 0,
  nonCash: 0,
  holdings: [],
  positions: [],
  limits: {},
  ...over,
});
const known = (account: string, over: Partial<EngineClient> = {}): EngineClient => ({
  account,
  slot: 3,
  status: 'ACTIVE',
  cash: 100_000,
  cashEquivalent: 0,
  nonCash: 0,
  holdings: [],
  positions: [],
  ...over,
});
const inputs = (over: Partial<ReloadInputs> = {}): ReloadInputs => ({
  date: '2026-11-20',
  parametersHash: 'ab'.repeat(32),
  table: buildParameterTable(20261120, [], [], { sources: [], commodities: [], clearing: [] }),
  clients: new Map(),
  engine: { slots: [], clients: new Map() },
  depository: [],
  approved: [],
  actions: [],
  transmissions: [],
  cleared: [],
  clearedSegments: [ExchangeSegment.NFO, ExchangeSegment.BFO],
  homeToken: ({ token }) => token,
  contractOf: ({ token }) => `contract ${token}`,
  settledAt: ({ token }) => (token === 9 ? 1_560_500 : undefined),
  obligationUnits: 0,
  ...over,
});
const open = (given: ReloadInputs): string[] =>
  reloadPlan(given)
    .gates.filter(({ left, right }) => left !== right)
    .map(({ name, left, right }) => `${name}: ${left} against ${right}`);
const split: UnitRatio = { segment: 1, token: 7, newToken: 7, symbol: 'TZA', purpose: 'SPLIT', numerator: 5, denominator: 1, payout: 0 };
/** A future of 475 units that goes on under token 12, three for two. */
const adjusted: UnitRatio = { ...split, segment: 2, token: 9, newToken: 12, purpose: 'RIGHTS', numerator: 3, denominator: 2 };
const held = (free: number): { segment: number; token: number; free: number; pledged: number; t1: number } => ({
  segment: 1,
  token: 7,
  free,
  pledged: 0,
  t1: 0,
});
const engineWith = (client: EngineClient): ReloadInputs['engine'] => ({ slots: [], clients: new Map([[client.account, client]]) });
const units = (free: number): ReloadInputs['depository'][number] => ({ account: 'A', isin: 'I', token: 7, free, pledged: 0, t1: 0 });

describe('gates', () => {
  it.each<[what: string, given: Partial<ReloadInputs>, expected: string[]]>([
    ['units × ratio = units', { engine: engineWith(known('A', { holdings: [held(20)] })), depository: [units(100)], actions: [split] }, []],
    [
      'a split that did not arrive',
      { engine: engineWith(known('A', { holdings: [held(20)] })), depository: [units(20)], actions: [split] },
      ['units of TZA: books × 5/1, depository: 100 against 20'],
    ],
    [
      'units nobody bought',
      { engine: engineWith(known('A', { holdings: [held(20)] })), depository: [units(21)] },
      ['units without corporate action: books, depository: 20 against 21'],
    ],
    ['an obligation the books have not', { obligationUnits: 5 }, ['units on their way: obligation, books: 5 against 0']],
    [
      'a position the clearing corporation has not',
      { engine: engineWith(known('A', { positions: [{ segment: 2, token: 9, net: 75, isIntraday: false }] })) },
      ['open positions: on either side, agreed: 1 against 0'],
    ],
    [
      'a position of another size',
      {
        engine: engineWith(known('A', { positions: [{ segment: 2, token: 9, net: 75, isIntraday: false }] })),
        cleared: [{ account: 'A', contract: 'contract 9', net: 50 }],
      },
      ['open positions: on either side, agreed: 1 against 0'],
    ],
  ])('%s', (_what, given, expected) => {
    expect(open(inputs(given))).toEqual(expected);
  });
});

describe('shares bought with funding and sold before they came', () => {
  const lot = { segment: 1, token: 7, boughtOn: 20261118, units: 28, pledged: 0, cost: 0, funded: 0 };
  const evenings = { freed: new Map(), bought: new Map([['A I', [{ boughtOn: 20261118, units: 30 }]]]) };
  it.each<[what: string, free: number, listed: number, unblocked: number]>([
    ['two of thirty, out of what comes: nobody’s when it comes', 0, 0, 2],
    ['blocked out of units that lay there, and as many come in their place', 75, 73, 0],
    ['one of them blocked', 75, 74, 1],
    ['none of them blocked, though they lay there', 75, 75, 2],
  ])('%s', (_what, free, listed, unblocked) => {
    const engine = engineWith(known('A', { holdings: free === 0 ? [] : [held(free)], lots: [lot] }));
    const promised = new Map([['A 7', unblocked]]);
    const given = inputs({ engine, depository: [{ ...units(listed), t1: 30 }], promised, evenings, obligationUnits: 30 });
    expect(open(given)).toEqual([]);
    expect(reloadPlan(given).commands.filter(({ kind }) => kind === 'SetHoldings')).toEqual([]);
    expect(open({ ...given, depository: [{ ...units(listed + 1), t1: 30 }] })).toHaveLength(1);
  });
});

describe('commands', () => {
  const kinds = (given: Partial<ReloadInputs>): string[] => reloadPlan(inputs(given)).commands.map(({ kind }) => kind);

  it('opens whom the engine does not know, and loads the table last', () => {
    expect(kinds({ clients: new Map([['A', master('A')]]) })).toEqual([
      'OpenAccount',
      'SetLimit',
      'SetCollateral',
      'LoadParameters',
      'TakeMarginSnapshot',
    ]);
  });

  it('sends nothing of what is as it should be', () => {
    expect(kinds({ engine: engineWith(known('A', { holdings: [held(20)] })), depository: [units(20)] })).toEqual([
      'LoadParameters',
      'TakeMarginSnapshot',
    ]);
  });

  it('takes units away that the depository no longer names', () => {
    const { commands } = reloadPlan(inputs({ engine: engineWith(known('A', { holdings: [held(20)] })) }));
    expect(commands[0]).toMatchObject({ kind: 'SetHoldings', slot: 3, body: { account: 'A', free: 0 } });
  });

  it('freezes an account under transmission once', () => {
    const first = kinds({ engine: engineWith(known('A')), transmissions: ['A'] });
    const again = kinds({ engine: engineWith(known('A', { status: 'FROZEN' })), transmissions: ['A'] });
    expect([first[0], again[0]]).toEqual(['UpdateAccount', 'LoadParameters']);
  });

  it('carries a contract in at the settlement price of the day before, where its file names one', () => {
    const carried = [9, 10].map((token) => ({ segment: 2, token, product: 3, quantity: 475, price: 1_561_650 }));
    const { commands } = reloadPlan(inputs({ clients: new Map([['A', master('A', { positions: carried })]]) }));
    const prices = commands.filter(({ kind }) => kind === 'ImportPosition').map(({ body }) => (body as ImportPositionBody).price);
    expect(prices).toEqual([1_560_500, 1_561_650]);
  });

  it('tells the engine of corporate actions after what it imports and before what the depository says', () => {
    const positions = [{ segment: 2, token: 9, product: 3, quantity: -475, price: 1 }];
    const given = {
      clients: new Map([['A', master('A', { positions })]]),
      engine: engineWith(known('B', { holdings: [held(21)], positions: [{ segment: 2, token: 9, net: 75, isIntraday: false }] })),
      depository: [{ ...units(105), account: 'B' }],
      actions: [split, adjusted],
    };
    // B's 21 shares become 105 in the engine by themselves: nothing is left to set.
    expect(kinds(given).slice(0, 5)).toEqual(['OpenAccount', 'SetLimit', 'ImportPosition', 'ApplyCorporateAction', 'ApplyCorporateAction']);
    expect(kinds(given)).not.toContain('SetHoldings');
    // 475 × 3/2 and 75 × 3/2, each cut to whole units.
    expect(reloadPlan(inputs(given)).expected.contracts).toEqual([{ segment: 2, token: 12, symbol: 'TZA', units: 712 + 112 }]);
  });

  it('of a client whose collateral is in pieces sends what is new at the depository, and leaves its figures alone', () => {
    const pledges = [
      { isin: 'INE000000001', segment: 0, units: 10 },
      { isin: 'INE000000001', segment: 2, units: 50 },
      { isin: 'INE000000002', segment: 0, units: 5 },
    ];
    const listed = (isin: string, pledged: number): ReloadInputs['depository'][number] => ({ account: 'B', isin, token: 7, free: 0, pledged, t1: 0 });
    const plan = reloadPlan(
      inputs({
        engine: engineWith(known('B', { nonCash: 999, pledges })),
        depository: [listed('INE000000001', 35), listed('INE000000003', 8)],
      }),
    );
    const sent = plan.commands.filter(({ kind }) => kind === 'ChangePledge').map(({ slot, body }) => [slot, body]);
    const fact = { account: 'B', credit: 'NOW', fact: true, reference: 'depository 2026-11-20' };
    // 60 units against 35: the ten with the member first, then fifteen from where they are placed.
    expect(sent).toEqual([
      [3, { ...fact, isin: 'INE000000001', segment: 0, quantity: -10 }],
      [3, { ...fact, isin: 'INE000000001', segment: 2, quantity: -15 }],
      [3, { ...fact, isin: 'INE000000002', segment: 0, quantity: -5 }],
      [3, { ...fact, isin: 'INE000000003', segment: 0, quantity: 8 }],
    ]);
    expect(plan.commands.some(({ kind }) => kind === 'SetCollateral')).toBe(false);
    expect([plan.expected.nonCash, plan.expected.pledged]).toEqual([0, 43]);
  });

  it('takes off what is sold and only not blocked: it lies free at the depository and is nobody’s to sell', () => {
    const listed = { account: 'A', isin: 'INE000000007', token: 7, free: 300, pledged: 0, t1: 0 };
    const given = (actions: readonly UnitRatio[], free: number): ReloadInputs =>
      inputs({
        engine: engineWith(known('A', { holdings: [held(60)] })),
        depository: [{ ...listed, free }],
        promised: new Map([['A 7', 240]]),
        actions,
      });
    expect(open(given([], 300))).toEqual([]);
    // The list has the split in it: 1,500 free, of which 240 times five are owed.
    expect(open(given([split], 1_500))).toEqual([]);
    expect(reloadPlan(given([split], 1_500)).expected.units).toBe(300);
  });

  it('gives the same keys for the same content and another for another', () => {
    const keys = (cash: number): string[] => reloadPlan(inputs({ clients: new Map([['A', master('A', { cash })]]) })).commands.map(({ key }) => key);
    expect(keys(1)).toEqual(keys(1));
    expect(keys(1).filter((key) => !keys(2).includes(key))).toEqual([expect.stringContaining('collateral/A')]);
  });
});

describe('refusals', () => {
  const slot = {
    slot: 0,
    sequence: 1,
    parametersHash: '',
    approved: { rows: 0, date: 0 },
    gates: [],
    snapshots: [],
    taken: 0,
    coming: [],
    closed: [],
    settled: [],
  };
  it.each<[what: string, given: Partial<ReloadInputs>, message: RegExp]>([
    [
      'yesterday is still open',
      { engine: { slots: [{ ...slot, businessDate: 20261119, isOpen: true }], clients: new Map() } },
      /still has 20261119 open/,
    ],
    [
      'today is closed already',
      { engine: { slots: [{ ...slot, businessDate: 20261120, isOpen: false }], clients: new Map() } },
      /closed 20261120 already/,
    ],
    ['the depository names a stranger', { depository: [units(1)] }, /depository: names account A/],
    ['the clearing corporation does', { cleared: [{ account: 'B', contract: 'x', net: 1 }] }, /clearing corporation: names account B/],
  ])('%s', (_what, given, message) => {
    expect(() => reloadPlan(inputs(given))).toThrow(message);
  });

  it('brings money to what the closed books say, and asks afterwards', () => {
    const engine = { slots: [], clients: new Map([known('A'), known('B', { cash: 70 }), known('C')].map((client) => [client.account, client])) };
    // A paid charges, B agrees, C is not in the books, D not in the engine.
    const booked = new Map([
      ['A', 98_765],
      ['B', 70],
      ['D', 5],
    ]);
    const { commands, expected } = reloadPlan(inputs({ engine, booked }));
    const credits = commands.filter(({ kind }) => kind === 'CreditFunds').map(({ body }) => body);
    expect(credits).toEqual([{ account: 'A', amount: -1_235, reference: 'books 2026-11-20' }]);
    expect(expected.cash).toEqual({ accounts: ['A', 'B'], sum: 98_835 });
    expect(reloadPlan(inputs({ engine })).expected.cash).toBeUndefined();
  });
});

describe('collateral in pieces', () => {
  const ISIN = 'INE002A01018';
  const approved = Array.from({ length: 101 }, (_, at) => ({
    kind: 'EQUITY' as const,
    isin: `INE0${10_000 + at}011`,
    price: 10_000,
    haircut: 2_000,
  }));
  const sentOf = (given: ReloadInputs): string[] => reloadPlan(given).commands.map(({ kind, body }) => `${kind} ${JSON.stringify(body)}`);

  it('is valued by the day’s list, told in parts before it, whole with the last', () => {
    const { commands, expected } = reloadPlan(
      inputs({ approved, engine: engineWith(known('A', { pledges: [] })), depository: [{ ...units(0), isin: ISIN, pledged: 5 }] }),
    );
    const parts = commands.map(({ kind, body }) => {
      const { rows = [], replace, revalue } = body as Partial<SetHaircutsBody>;
      return kind === 'SetHaircuts' ? `${kind} ${rows.length} rows${replace ? ', first' : ''}${revalue ? ', last' : ''}` : kind;
    });
    expect(parts).toEqual([
      'SetHoldings',
      'SetHaircuts 100 rows, first',
      'SetHaircuts 1 rows, last',
      'ChangePledge',
      'LoadParameters',
      'TakeMarginSnapshot',
    ]);
    expect(expected).toMatchObject({ approved: { rows: 101, date: 20_261_120 }, pledged: 5, nonCash: 0 });
  });

  it('of a client met today comes from the client master, and what the depository has more or less follows as a fact', () => {
    const clients = new Map([
      [
        'A',
        master('A', {
          pieces: [
            { kind: 'FDR', key: 'FD1', quantity: 5_000_000 },
            { kind: 'EQUITY', key: ISIN, segment: 2, quantity: 8 },
          ],
        }),
      ],
    ]);
    const given = inputs({ clients, depository: [{ ...units(0), isin: ISIN, pledged: 5 }] });
    const sent = sentOf(given);
    expect(sent.find((line) => line.startsWith('SetCollateral'))).toContain('"pieces":[{"kind":"FDR","key":"FD1","quantity":5000000}');
    expect(sent.find((line) => line.startsWith('ChangePledge'))).toContain(`"isin":"${ISIN}","quantity":-3,"segment":2`);
    expect(reloadPlan(given).expected).toMatchObject({ pledged: 5, nonCash: 0 });
  });
});
