// Cross margin of random portfolios of futures, options, shares and a fund, by exact arithmetic: the live figure of the whole client, and its peak
// rows segment by segment, where derivatives go by the parameters the day began under and shares by those in force.
import { describe, expect, it } from 'vitest';
import { type CrossMarginSet, type ParameterTable, Product, snapshotRows } from '../../engine/index.ts';
import { openDesk } from '../engine/desk.ts';
import { type ContractSpec, futureArray, syntheticTable } from '../engine/margin/synthetic-table.ts';
import { exactCrossMargin } from './cross-margin-oracle.ts';
import { Random } from './random.ts';

const { ORACLE_MARGINS } = process.env;
const CASES = Number(ORACLE_MARGINS ?? 20);
const [DEC, JAN] = [20_261_231, 20_270_128];
const CLIENT = 1;
const SYMBOLS = ['NIFTY', 'BANKNIFTY', 'INFY', 'TCS'];
const leg = (symbol: string, kind: 'FUT' | 'EQ', units: number) => ({ symbol, kind, units });
const SETS: readonly CrossMarginSet[] = [
  { family: 'constituents', index: 'NIFTY', legs: [leg('INFY', 'FUT', 2), leg('TCS', 'FUT', 1)] },
  { family: 'constituents', index: 'NIFTY', legs: [leg('INFY LTD', 'EQ', 2), leg('TCS LTD', 'EQ', 1)] },
  { family: 'constituents', index: 'NIFTY', legs: [leg('NIFTY FUND', 'EQ', 100)] },
  { family: 'correlated', index: 'NIFTY', legs: [leg('BANKNIFTY', 'FUT', 0.5)] },
  { family: 'constituents', index: 'INFY', legs: [leg('INFY LTD', 'EQ', 1)] },
  { family: 'constituents', index: 'TCS', legs: [leg('TCS LTD', 'EQ', 1)] },
];

/** Two months of futures and a call of each underlying, two shares and a fund. */
function randomTable(random: Random): ParameterTable {
  const commodities = SYMBOLS.map((symbol) => ({
    symbol,
    spot: random.int(500, 3_000),
    contracts: [DEC, JAN].flatMap((expiry): ContractSpec[] => {
      const elm = random.int(500, 9_000) / 100;
      const future = { name: `${symbol} ${expiry}`, expiry, array: futureArray(random.int(20, 400)), elmLong: elm, elmShort: elm };
      const call = {
        name: `${symbol} ${expiry} CE`,
        kind: 'CE' as const,
        expiry,
        strike: 1_000,
        delta: random.int(1, 9) / 10,
        price: random.int(1, 60),
      };
      return [future, { ...call, array: futureArray(random.int(10, 200)), elmShort: elm }];
    }),
  }));
  return syntheticTable({
    commodities,
    cash: ['INFY LTD', 'TCS LTD', 'NIFTY FUND'].map((name) => ({ name, previousClose: random.int(100, 2_000), cashRate: random.int(10, 40) / 100 })),
    tradingDays: { [DEC]: 28, [JAN]: 47 },
    crossMargin: SETS,
  });
}

const rupees = (paise: number): number => paise / 100;

describe('cross margin of random clients', () => {
  it('is exact in the live figure and in the peak rows, each segment by its own parameters', () => {
    const seen = { matched: 0, spanning: 0 };
    for (let seed = 1; seed <= CASES; seed++) {
      const random = new Random(seed);
      const [opening, inForce] = [randomTable(random), randomTable(random)];
      const desk = openDesk(opening);
      const [held, free] = [new Map<number, number>(), new Map<number, number>()];
      for (let row = 0; row < opening.instruments; row++) {
        const [segment, token] = [opening.segment[row] ?? 0, opening.token[row] ?? 0];
        const isShare = opening.kind[row] === 0;
        // The first index is mostly bought and all else mostly sold, so that there is something to match.
        const lean = (row < 4 ? 1 : -1) * (random.oneIn(5) ? -1 : 1);
        const quantity = random.oneIn(3) ? 0 : lean * random.int(1, 8) * (isShare ? 50 : 25);
        if (quantity === 0) continue;
        held.set(row, quantity);
        desk.tell('ImportPosition', { account: 'A1', segment, token, product: isShare ? Product.CNC : Product.NRML, quantity, price: 1_000_000 });
        if (!isShare || random.oneIn(2)) continue;
        free.set(row, random.int(0, 300));
        desk.tell('SetHoldings', { account: 'A1', segment, token, free: free.get(row), pledged: 0, t1: 0 });
      }
      desk.load(inForce, 'intraday');
      desk.tell('TakeMarginSnapshot', { label: 'peak', number: 1 });
      const [begun, now] = [opening, inForce].map((table) => exactCrossMargin(table, held, free, 2_000));
      const shown = new Map(snapshotRows(desk.state).map(({ segment, required }) => [segment, rupees(required)]));
      const live = [1, 2].reduce((sum, segment) => sum + (now?.bySegment.get(segment)?.toNumber() ?? 0), 0);
      // A paisa for each line that is rounded by itself: four underlyings, three shares.
      expect(Math.abs(rupees(desk.state.derived.book?.requirement(CLIENT) ?? 0) - live), `live, seed ${seed}`).toBeLessThanOrEqual(0.07);
      for (const [segment, by] of [
        [1, now],
        [2, begun],
      ] as const)
        expect(Math.abs((shown.get(segment) ?? 0) - (by?.bySegment.get(segment)?.toNumber() ?? 0)), `row, seed ${seed}`).toBeLessThanOrEqual(0.04);
      seen.matched += begun?.matches ?? 0;
      if ((now?.matches ?? 0) > 0 && (shown.get(1) ?? 0) > 0 && (shown.get(2) ?? 0) > 0) seen.spanning += 1;
    }
    expect(seen.matched).toBeGreaterThan(CASES);
    expect(seen.spanning).toBeGreaterThan(CASES / 4);
  });
});
