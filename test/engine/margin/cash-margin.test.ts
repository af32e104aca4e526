import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarginBook, OrderTerms, Product, portfolioMargin, Side } from '../../../engine/index.ts';
import { rowOf, syntheticTable } from './synthetic-table.ts';

const table = syntheticTable({
  cash: [
    { name: 'RELIANCE', previousClose: 1_000, cashRate: 0.125 },
    { name: 'SMALLCAP', previousClose: 50, cashRate: 0.6 },
  ],
});
const RELIANCE = rowOf(table, 'RELIANCE');
const { CNC, MIS } = Product;
const { BUY, SELL } = Side;

interface Case {
  readonly name: string;
  readonly net?: number;
  readonly holding?: number;
  readonly product: number;
  /** side, units, rupees */
  readonly orders?: readonly (readonly [number, number, number])[];
  readonly rupees: number;
  readonly floor?: number;
}

// 20 % floor of the policy is above the file's 12.5 %: 200 rupees a share at the close.
const CASES: readonly Case[] = [
  { name: 'intraday long', product: MIS, net: 10, rupees: 2_000 },
  { name: 'intraday short', product: MIS, net: -10, rupees: 2_000 },
  { name: 'intraday buy working against a short', product: MIS, net: -10, orders: [[BUY, 10, 1_000]], rupees: 2_000 },
  { name: 'intraday buy beyond the short', product: MIS, net: -10, orders: [[BUY, 25, 1_000]], rupees: 3_000 },
  {
    name: 'both sides working: the worse alone',
    product: MIS,
    orders: [
      [BUY, 10, 1_000],
      [SELL, 15, 1_000],
    ],
    rupees: 3_000,
  },
  { name: 'a dearer limit price is what is reserved', product: MIS, orders: [[BUY, 10, 1_100]], rupees: 2_200 },
  { name: 'a cheaper one is valued at the close', product: MIS, orders: [[BUY, 10, 900]], rupees: 2_000 },
  { name: 'delivery buy', product: CNC, orders: [[BUY, 10, 1_000]], rupees: 2_000 },
  { name: 'delivery sale of a holding is free', product: CNC, holding: 10, orders: [[SELL, 10, 1_000]], rupees: 0 },
  { name: 'delivery sale beyond the holding', product: CNC, holding: 4, orders: [[SELL, 10, 1_000]], rupees: 1_200 },
  { name: 'sold from the holding', product: CNC, holding: 10, net: -10, rupees: 0 },
  { name: 'holding sold already, more working', product: CNC, holding: 10, net: -10, orders: [[SELL, 5, 1_000]], rupees: 1_000 },
  { name: 'delivery buy working against a sold holding', product: CNC, holding: 10, net: -10, orders: [[BUY, 4, 1_000]], rupees: 0 },
  { name: 'full payment by policy', product: CNC, orders: [[BUY, 10, 1_000]], rupees: 10_000, floor: 10_000 },
  { name: 'the file above the floor', product: MIS, net: 10, rupees: 1_250, floor: 1_000 },
];

describe('cash margin', () => {
  it.each(CASES.map((row) => [row.name, row] as const))('%s', (_name, { net = 0, holding = 0, product, orders = [], rupees, floor = 2_000 }) => {
    const book = new MarginBook(table, floor);
    if (holding > 0) book.setHolding(5, RELIANCE, holding);
    book.addPosition(5, RELIANCE, product, net);
    const terms = orders.map(([side, units, price]) => new OrderTerms().set(RELIANCE, product, side, units, price * 10_000));
    for (const each of terms) book.addOrder(5, each);
    expect(book.requirement(5)).toBe(rupees * 100);
    for (const each of terms) book.removeOrder(5, each);
    book.addPosition(5, RELIANCE, product, -net);
    if (holding > 0) book.setHolding(5, RELIANCE, 0);
    expect(book.requirement(5)).toBe(0);
    expect(book.underlyingMargins(5)).toEqual([]);
  });

  it('holds the worse side of a pending replace', () => {
    const book = new MarginBook(table, 2_000);
    const pending = new OrderTerms().set(RELIANCE, MIS, BUY, 10, 10_000_000).setAlternative(30, 9_000_000);
    expect(book.requirementIf(1, pending, null)).toBe(6_000_00);
    book.addOrder(1, pending);
    expect(book.requirement(1)).toBe(6_000_00);
    expect(book.requirementIf(1, new OrderTerms().copy(pending).setAlternative(0, 0), pending)).toBe(2_000_00);
  });

  it('keeps products apart, and counts one client only', () => {
    const book = new MarginBook(table, 2_000);
    book.addPosition(1, RELIANCE, MIS, -10);
    book.addPosition(1, RELIANCE, CNC, 10);
    expect(book.requirement(1)).toBe(4_000_00);
    expect(book.requirement(0)).toBe(0);
    expect(book.requirement(99)).toBe(0);
    expect(book.underlyingMargins(1).map((line) => [line.symbol, line.product, line.cash])).toEqual([
      ['RELIANCE', CNC, 2_000_00],
      ['RELIANCE', MIS, 2_000_00],
    ]);
  });

  it('is the worst over every set of fills', () => {
    const order = fc.record({ side: fc.constantFrom(BUY, SELL), units: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(CNC, MIS),
        fc.integer({ min: -40, max: 40 }),
        fc.nat(30),
        fc.array(order, { maxLength: 6 }),
        (product, net, holding, orders) => {
          const book = new MarginBook(table, 2_000);
          book.setHolding(0, RELIANCE, holding);
          book.addPosition(0, RELIANCE, product, net);
          let worst = 0;
          for (let subset = 0; subset < 1 << orders.length; subset++) {
            const after = orders.reduce((sum, { side, units }, at) => sum + ((subset >> at) & 1) * (side === BUY ? units : -units), net);
            const short = product === CNC ? Math.max(0, -after - holding) : Math.max(0, -after);
            worst = Math.max(worst, 200_00 * Math.max(after, short));
          }
          for (const { side, units } of orders) {
            const terms = new OrderTerms().set(RELIANCE, product, side, units, 10_000_000);
            const asked = book.requirementIf(0, terms, null);
            book.addOrder(0, terms);
            expect(book.requirement(0)).toBe(asked);
          }
          expect(book.requirement(0)).toBe(worst);
        },
      ),
    );
  });
});

describe('a share bought with the broker’s funding (MTF)', () => {
  const cash = [
    { name: 'RELIANCE', previousClose: 1_000, cashRate: 0.125 },
    { name: 'SMALLCAP', previousClose: 50, cashRate: 0.6 },
  ];
  const dated = syntheticTable({ cash, tradingDays: {} });
  const held = (of: typeof table, name: string, product: number): number => {
    const book = new MarginBook(of, 2_000);
    book.addPosition(5, rowOf(of, name), product, 10);
    return book.requirement(5) / 100;
  };

  it.each([
    ['a quarter of the value', dated, 'RELIANCE', Product.MTF, 2_500],
    ['the file’s rate where that is more', dated, 'SMALLCAP', Product.MTF, 300],
    ['delivery without funding as ever', dated, 'RELIANCE', CNC, 2_000],
    ['as it was under a table without dated rules', table, 'RELIANCE', Product.MTF, 2_000],
  ] as const)('asks %s', (_, of, name, product, rupees) => {
    expect(held(of, name, product)).toBe(rupees);
  });

  it('is held by a working order as well, and by the report to the paisa', () => {
    const book = new MarginBook(dated, 2_000);
    const order = new OrderTerms().set(rowOf(dated, 'RELIANCE'), Product.MTF, BUY, 10, 11_000_000);
    expect(book.requirementIf(5, order, null)).toBe(275_000);
    const report = portfolioMargin(dated, [{ instrument: rowOf(dated, 'RELIANCE'), quantity: 10, product: Product.MTF }], 2_000, () => 1);
    expect(report.sum.total / 100).toBe(held(dated, 'RELIANCE', Product.MTF));
  });
});
