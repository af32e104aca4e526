// The dated rules on whole portfolios, and the tree that explains them.
import { describe, expect, it } from 'vitest';
import { type MarginNode, marginTree, type ParameterTable, portfolioMargin, workPortfolio } from '../../../engine/index.ts';
import { futureArray, rowOf, seriesSpread, syntheticTable } from './synthetic-table.ts';

const TODAY = 20261120;
const DEC = 20261229;
const JAN = 20270128;
const array = futureArray(300);

/** An underlying with futures of today and of two months, and options of today at 950 and 1,050; spot 1,000. */
function tableOf(symbol: string, extra: object = {}): ParameterTable {
  const option = { elmShort: 40, array: futureArray(100), price: 60, delta: 0.5 };
  return syntheticTable({
    commodities: [
      {
        symbol,
        spot: 1_000,
        contracts: [
          { name: 'F0', expiry: TODAY, array, elmLong: 20, elmShort: 20 },
          { name: 'F1', expiry: DEC, array, elmLong: 20, elmShort: 20 },
          { name: 'F2', expiry: JAN, array, elmLong: 21, elmShort: 21 },
          { name: 'C950', kind: 'CE', expiry: TODAY, strike: 950, ...option },
          { name: 'C1050', kind: 'CE', expiry: TODAY, strike: 1_050, ...option },
        ],
        spreads: [seriesSpread(symbol, 1, 10, TODAY, DEC), seriesSpread(symbol, 2, 10, DEC, JAN)],
        ...extra,
      },
    ],
    cash: [{ name: 'S', previousClose: 1_000, cashRate: 0.2 }],
  });
}

const position = (table: ParameterTable, units: Readonly<Record<string, number>>) =>
  Object.entries(units).map(([name, quantity]) => ({ instrument: rowOf(table, name), quantity }));

/** Rule, amount in rupees and whether the exposure holds it, with `days` trading days to every expiry. */
function rulesOn(table: ParameterTable, units: Readonly<Record<string, number>>, days = 40): [string, number, boolean][] {
  const [line] = portfolioMargin(table, position(table, units), 2_000, () => days).underlyings;
  return (line?.addOns ?? []).map(({ rule, amount, inExposure }) => [rule, amount / 100, inExposure]);
}

describe('add-ons of a portfolio', () => {
  it('state the expiry-day part of the exposure of a sold index option, without adding it twice', () => {
    const table = tableOf('NIFTY');
    expect(rulesOn(table, { C950: -10 })).toEqual([['elm.expiryDay', 200, true]]);
    expect(rulesOn(tableOf('INFY'), { C950: -10 })).toEqual([]);
    const plain = portfolioMargin(table, position(table, { C950: -10 }), 2_000).sum.total;
    expect(portfolioMargin(table, position(table, { C950: -10 }), 2_000, () => 0).sum.total).toBe(plain);
  });

  it('relieve the exposure of a futures spread, but not that of an expiring leg', () => {
    expect(rulesOn(tableOf('INFY'), { F1: 10, F2: -10 })).toEqual([['elm.calendarThird', -(200 + 140), false]]);
    // The benefit of the expiring month is gone: its scan stands alone against the other's, and so does its exposure.
    expect(rulesOn(tableOf('INFY'), { F0: 10, F1: -10 })).toEqual([['calendar.stock.expiryDay', 6_000 - 100, false]]);
  });

  it('add nothing where the file has taken the benefit away itself', () => {
    const table = syntheticTable({
      commodities: [
        {
          symbol: 'NIFTY',
          spot: 1_000,
          contracts: [
            { name: 'F0', expiry: TODAY, array, scanTier: 0 },
            { name: 'F1', expiry: DEC, array, scanTier: 1 },
          ],
        },
      ],
    });
    expect(rulesOn(table, { F0: 10, F1: -10 })).toEqual([]);
  });

  it('ask delivery margin of bought stock options in the money, at the VaR file’s rate', () => {
    const table = tableOf('INFY', { deliveryRate: 1_800 });
    expect(rulesOn(table, { C950: 100, C1050: 100 }, 1)).toEqual([['delivery.E-1', 950 * 100 * 0.18 * 0.7, false]]);
    expect(rulesOn(tableOf('INFY'), { C950: 100 }, 4)).toEqual([['delivery.E-4', 950 * 100 * 0.2 * 0.1, false]]);
    expect(rulesOn(tableOf('NIFTY', { deliveryRate: 1_800 }), { C950: 100 }, 1)).toEqual([]);
  });

  it('are in the total of the underlying and of the portfolio', () => {
    const table = tableOf('INFY');
    const margin = portfolioMargin(table, position(table, { F1: 10, F2: -10, S: -5 }), 2_000, () => 40);
    expect(margin.sum.addOns).toBe(-340_00);
    expect(margin.sum.total).toBe((100 + 410 - 340 + 1_000) * 100);
  });
});

describe('the tree of a margin', () => {
  const walk = (node: MarginNode): MarginNode[] => [node, ...node.children.flatMap(walk)];
  const table = tableOf('INFY', { deliveryRate: 1_800 });
  const portfolio = position(table, { F1: 30, F2: -20, C950: 100, C1050: -50, S: 10 });
  const tree = marginTree(workPortfolio(table, portfolio, 2_000, () => 1));
  const found = (label: RegExp): MarginNode | undefined => walk(tree).find((node) => label.test(node.label));

  it('ends in the figure of the report, and its branches add up', () => {
    const { sum, underlyings } = portfolioMargin(table, portfolio, 2_000, () => 1);
    expect(tree.amount).toBe(sum.total);
    expect(found(/^INFY$/)?.amount).toBe(underlyings[0]?.total);
    expect(found(/^INFY$/)?.children.reduce((total, child) => total + child.amount, 0)).toBe(underlyings[0]?.total);
    expect(found(/^calendar charge$/)?.children.reduce((total, child) => total + child.amount, 0)).toBe(underlyings[0]?.calendar);
    expect(found(/^net option value$/)?.children.reduce((total, child) => total + child.amount, 0)).toBe(underlyings[0]?.netOptionValue);
  });

  it('shows each position’s losses, which add up to the tier’s in every scenario', () => {
    const tier = found(/^tier 1, scenario/);
    const added = Array.from({ length: 16 }, (_, s) => tier?.children.reduce((total, child) => total + (child.losses?.[s] ?? 0), 0));
    expect(tier?.children).toHaveLength(4);
    expect(added).toEqual(tier?.losses);
    expect(tier?.amount).toBe(Math.max(...(tier?.losses ?? [])));
  });

  it('names the rule of every figure, and the row it was read from', () => {
    const bare = walk(tree).filter((node) => (node.rule ?? '') === '');
    expect(bare.map((node) => node.label)).toEqual([]);
    expect(found(/x C950$/)?.row).toBe('ra of C950');
    expect(found(/spreads, A long/)).toMatchObject({ row: `dSpread 2 (A:${DEC} B:${JAN})`, rule: 'method F, rate 10', amount: 200_00 });
    expect(found(/^C950: 70 % of 18 %/)).toMatchObject({ rule: 'delivery.E-1', amount: 11_970_00 });
    expect(found(/^S: 10 of 10 at 20 %/)).toMatchObject({ rule: 'cash.varElm', amount: 2_000_00 });
  });
});
