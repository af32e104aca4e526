// The margin oracle against itself: two forms, random partial fills, and the exact calendar under its bound. The engine is compared
// with it in margin-book.test.ts.
import { describe, expect, it } from 'vitest';
import { afterFills, exactCalendar, marginByParts, marginBySubsets, marginWithFills, plainMargin, premiumOf } from './derivative-oracle.ts';
import { fillSubsets, type WorkingOrder } from './portfolio.ts';
import { Random } from './random.ts';
import { randomTable } from './random-table.ts';

const { ORACLE_MARGINS } = process.env;
const CASES = Number(ORACLE_MARGINS ?? 400);

function randomCase(random: Random): { table: ReturnType<typeof randomTable>; underlying: number; net: Map<number, bigint>; orders: WorkingOrder[] } {
  const table = randomTable(random, 5);
  const underlying = random.int(0, 4);
  const first = table.firstInstrument[underlying] ?? 0;
  const row = (): number => first + random.int(0, (table.instrumentCount[underlying] ?? 1) - 1);
  const net = new Map<number, bigint>();
  for (let i = random.int(0, 5); i > 0; i--) net.set(row(), BigInt(random.int(-8, 8) * 25));
  const orders: WorkingOrder[] = [];
  for (let i = random.int(0, 4); i > 0; i--) {
    const alternative = random.oneIn(4);
    const price = (): bigint => BigInt(random.int(10, 2000) * 500);
    orders.push({
      row: random.oneIn(2) ? row() : first + random.int(0, 2),
      product: 3,
      side: random.int(1, 2),
      quantity: BigInt(random.int(1, 8) * 25),
      price: price(),
      altQuantity: alternative ? BigInt(random.int(1, 8) * 25) : 0n,
      altPrice: alternative ? price() : 0n,
    });
  }
  return { table, underlying, net, orders };
}

describe('the margin oracle', () => {
  it('gives the same figure by fill subsets and by positive parts', () => {
    const random = new Random(11);
    let withOrders = 0;
    for (let i = 0; i < CASES; i++) {
      const { table, underlying, net, orders } = randomCase(random);
      if (orders.length > 1) withOrders++;
      expect(marginByParts(table, underlying, net, orders)).toBe(marginBySubsets(table, underlying, net, orders));
    }
    expect(withOrders).toBeGreaterThan(CASES / 4);
  });

  it('never asks more for a partial fill than for the worst corner', () => {
    const random = new Random(12);
    for (let i = 0; i < CASES; i++) {
      const { table, underlying, net, orders } = randomCase(random);
      const worst = marginBySubsets(table, underlying, net, orders);
      const partial = orders.map((order) => ({ order, quantity: BigInt(random.int(0, Number(order.quantity))), price: order.price }));
      expect(marginWithFills(table, underlying, net, partial) <= worst).toBe(true);
    }
  });

  it('covers every corner with the calendar charge worked out exactly', () => {
    const random = new Random(13);
    let charged = 0;
    for (let i = 0; i < CASES; i++) {
      const { table, underlying, net, orders } = randomCase(random);
      const worst = marginBySubsets(table, underlying, net, orders);
      for (const fills of fillSubsets(orders)) {
        const after = afterFills(net, fills);
        const calendar = exactCalendar(table, underlying, after);
        if (calendar > 0n) charged++;
        expect(plainMargin(table, after, calendar, premiumOf(table, fills)).requirement <= worst).toBe(true);
      }
    }
    expect(charged).toBeGreaterThan(0);
  });
});
