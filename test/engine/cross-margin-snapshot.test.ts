// Peak-margin rows of positions that offset each other across exchange segments, by hand. Of the table in force at first a unit of the INFY future
// asks 250 (scan 200, exposure 50), a share 300; NIFTY 1,480, a unit of the fund 50. What is matched asks a quarter.
import { describe, expect, it, test } from 'vitest';
import { type CrossMarginSet, type ParameterTable, Product, peakView, snapshotRows } from '../../engine/index.ts';
import { marginParts } from '../../engine/margin/basket-parts.ts';
import { placeOrder } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';
import { type ContractSpec, futureArray, rowOf, syntheticTable } from './margin/synthetic-table.ts';

const DEC = 20_261_231;
const lakh = (rupees: number): number => Math.round(rupees * 100);
const leg = (symbol: string, kind: 'FUT' | 'EQ', units: number) => ({ symbol, kind, units });
const SETS: readonly CrossMarginSet[] = [
  { family: 'constituents', index: 'INFY', legs: [leg('INFOSYS', 'EQ', 1)] },
  { family: 'constituents', index: 'NIFTY', legs: [leg('INFOSYS', 'EQ', 2), leg('TATA', 'EQ', 1)] },
];
const future = (symbol: string, range: number, elm: number) => ({
  symbol,
  contracts: [{ name: `${symbol} FUT`, expiry: DEC, array: futureArray(range), elmLong: elm, elmShort: elm }] as ContractSpec[],
});
/** `dear`: as many times the range of a future and the rate of a share. */
const table = (dear: number): ParameterTable =>
  syntheticTable({
    commodities: [future('NIFTY', 1_000 * dear, 480), future('INFY', 200 * dear, 50)],
    cash: [
      { name: 'INFOSYS', previousClose: 1_500, cashRate: 0.2 * dear },
      { name: 'TATA', previousClose: 3_000, cashRate: 0.2 * dear },
    ],
    tradingDays: { [DEC]: 28 },
    crossMargin: SETS,
  });

function hold(desk: Desk, by: ParameterTable, name: string, quantity: number): void {
  const row = rowOf(by, name);
  const product = by.kind[row] === 0 ? Product.CNC : Product.NRML;
  desk.tell('ImportPosition', { account: 'A1', segment: by.segment[row], token: by.token[row], product, quantity, price: 1_000_000 });
}

/** Rows of a snapshot as [segment, required]. */
function rowsOf(desk: Desk, number: number): (readonly [segment: number, required: number])[] {
  desk.tell('TakeMarginSnapshot', { label: 'peak', number });
  return snapshotRows(desk.state)
    .filter((row) => row.number === number)
    .map(({ segment, required }) => [segment, required] as const);
}

describe('a peak row', () => {
  test.each<[string, readonly (readonly [name: string, units: number])[], number, number]>([
    [
      'a share bought against its future sold: a quarter of each',
      [
        ['INFY FUT', -100],
        ['INFOSYS', 100],
      ],
      30_000 / 4,
      25_000 / 4,
    ],
    [
      'and the other way round',
      [
        ['INFY FUT', 100],
        ['INFOSYS', -100],
      ],
      30_000 / 4,
      25_000 / 4,
    ],
    [
      'half the shares offset half the future',
      [
        ['INFY FUT', -100],
        ['INFOSYS', 50],
      ],
      15_000 / 4,
      12_500 * 1.25,
    ],
    [
      'on the same side of the market: nothing',
      [
        ['INFY FUT', 100],
        ['INFOSYS', 100],
      ],
      30_000,
      25_000,
    ],
    [
      'an index against its basket of shares',
      [
        ['NIFTY FUT', -50],
        ['INFOSYS', 100],
        ['TATA', 50],
      ],
      (30_000 + 30_000) / 4,
      74_000 / 4,
    ],
    [
      'a basket that lacks a share offsets nothing',
      [
        ['NIFTY FUT', -50],
        ['INFOSYS', 100],
      ],
      30_000,
      74_000,
    ],
  ])('%s', (_what, held, cash, derivatives) => {
    const by = table(1);
    const desk = openDesk(by);
    for (const [name, units] of held) hold(desk, by, name, units);
    expect(rowsOf(desk, 1)).toEqual([
      [1, lakh(cash)],
      [2, lakh(derivatives)],
    ]);
    // Positions alone and one table: the rows add up to the live figure.
    expect(desk.state.derived.book?.requirement(1)).toBe(lakh(cash + derivatives));
  });

  it('of derivatives goes by the parameters of the morning, of shares by those in force, each relieved of its own', () => {
    const by = table(1);
    const desk = openDesk(by);
    hold(desk, by, 'INFY FUT', -100);
    hold(desk, by, 'INFOSYS', 100);
    desk.load(table(2), 'noon');
    expect(rowsOf(desk, 1)).toEqual([
      [1, lakh(60_000 / 4)],
      [2, lakh(25_000 / 4)],
    ]);
  });

  it('and the parts that broker APIs show: none below nothing, together what is asked', () => {
    const by = table(1);
    const desk = openDesk(by);
    hold(desk, by, 'INFY FUT', -100);
    hold(desk, by, 'INFOSYS', 100);
    // 75 % of 25,000 is off the exposure of 5,000 first, then off the SPAN of 20,000.
    expect(marginParts(desk.state, 1)).toEqual({ requirement: lakh(13_750), span: lakh(6_250), exposure: 0, cash: lakh(7_500) });
  });

  it('keeps its relief while an order works, which the live figure does not', () => {
    const by = table(1);
    const desk = openDesk(by);
    hold(desk, by, 'INFY FUT', -100);
    hold(desk, by, 'INFOSYS', 100);
    const [segment = 0, token = 0] = [by.segment[rowOf(by, 'INFY FUT')], by.token[rowOf(by, 'INFY FUT')]];
    desk.send(placeOrder({ id: 'more', of: { segment, token }, side: 'sell', quantity: 1, price: 100 }));
    expect(desk.state.derived.book?.requirement(1)).toBe(lakh(30_000 + 25_250));
    expect(rowsOf(desk, 1).map(([, required]) => required)).toEqual([lakh(7_500), lakh(6_250)]);
  });

  it('is the largest of the day: a hedge that came at noon does not help the morning', () => {
    const by = table(1);
    const desk = openDesk(by);
    hold(desk, by, 'INFY FUT', -100);
    expect(rowsOf(desk, 1)).toEqual([[2, lakh(25_000)]]);
    hold(desk, by, 'INFOSYS', 100);
    expect(rowsOf(desk, 2)).toHaveLength(2);
    expect(peakView(desk.state, 'A1')).toMatchObject({
      required: lakh(25_000),
      number: 1,
      snapshots: [{ required: lakh(25_000) }, { required: lakh(13_750) }],
    });
  });

  it('has no relief under a morning table that knows no set', () => {
    const by = table(1);
    const desk = openDesk(
      syntheticTable({
        commodities: [future('NIFTY', 1_000, 480), future('INFY', 200, 50)],
        cash: [{ name: 'INFOSYS', previousClose: 1_500, cashRate: 0.2 }],
        tradingDays: { [DEC]: 28 },
      }),
    );
    hold(desk, by, 'INFY FUT', -100);
    hold(desk, by, 'INFOSYS', 100);
    desk.load(by, 'noon');
    expect(rowsOf(desk, 1)).toEqual([
      [1, lakh(7_500)],
      [2, lakh(25_000)],
    ]);
  });
});
