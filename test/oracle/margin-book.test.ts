// The engine's incremental margin book against the oracle after every step of random sequences: positions, holdings, orders in, changed
// and out, several clients in one book.
import { describe, expect, it } from 'vitest';
import type { ParameterTable } from '../../engine/index.ts';
import { MarginBook } from '../../engine/margin/margin-book.ts';
import { OrderTerms } from '../../engine/margin/order-terms.ts';
import { requirementOf } from './margin-oracle.ts';
import type { Portfolio, PositionLine, WorkingOrder } from './portfolio.ts';
import { Random } from './random.ts';
import { randomTable } from './random-table.ts';
import { leadRow } from './same-share.ts';

const { ORACLE_BOOKS } = process.env;
const RUNS = Number(ORACLE_BOOKS ?? 30);
const STEPS = 40;

interface Client {
  readonly lines: Map<string, PositionLine>;
  readonly orders: WorkingOrder[];
  readonly free: Map<number, bigint>;
}

/** What the client has, and these orders more, by the rows that shares are margined as. */
const portfolioOf = (table: ParameterTable, client: Client, ...more: WorkingOrder[]): Portfolio => ({
  lines: [...client.lines.values()],
  orders: [...client.orders, ...more].map((order) => ({ ...order, row: leadRow(table, order.row) })),
  free: client.free,
});

function termsOf(order: WorkingOrder): OrderTerms {
  return new OrderTerms()
    .set(order.row, order.product, order.side, Number(order.quantity), Number(order.price))
    .setAlternative(Number(order.altQuantity), Number(order.altPrice));
}

function randomOrder(random: Random, row: number, cash: boolean): WorkingOrder {
  const alternative = random.oneIn(4);
  const quantity = (): bigint => BigInt(random.int(1, 8) * 25);
  const price = (): bigint => BigInt(random.int(10, 2000) * 500);
  return {
    row,
    product: cash ? random.int(1, 2) : 3,
    side: random.int(1, 2),
    quantity: alternative && random.oneIn(4) ? 0n : quantity(),
    price: price(),
    altQuantity: alternative ? quantity() : 0n,
    altPrice: alternative ? price() : 0n,
  };
}

function run(seed: number, dated: boolean): void {
  const random = new Random(seed);
  const table = randomTable(random, 5, 0, dated);
  const floor = random.pick([0, 2000, 10_000]);
  const book = new MarginBook(table, floor);
  const clients: Client[] = [0, 1].map(() => ({ lines: new Map(), orders: [], free: new Map() }));
  const history: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const index = random.int(0, 1);
    const client = clients[index] as Client;
    const cash = random.oneIn(3);
    const row = cash ? table.instruments - random.int(1, 4) : random.int(0, random.oneIn(2) ? 40 : table.instruments - 5);
    const roll = random.int(1, 10);
    const where = (): string => `seed ${seed}, client ${index}\n${history.join('\n')}`;
    if (roll <= 4) {
      const order = randomOrder(random, row, cash);
      history.push(`add ${show(order)}`);
      const expected = requirementOf(table, floor, portfolioOf(table, client, order), 'parts');
      expect(book.requirementIf(index, termsOf(order), null), `what-if, ${where()}`).toBe(Number(expected));
      book.addOrder(index, termsOf(order));
      client.orders.push(order);
    } else if (roll <= 6 && client.orders.length > 0) {
      const order = random.pick(client.orders);
      history.push(`remove ${show(order)}`);
      book.removeOrder(index, termsOf(order));
      client.orders.splice(client.orders.indexOf(order), 1);
    } else if (roll <= 9) {
      const units = random.int(-8, 8) * 25;
      const product = cash ? random.int(1, 2) : 3;
      history.push(`position ${row} product ${product} ${units}`);
      book.addPosition(index, row, product, units);
      const lead = leadRow(table, row);
      const key = `${lead}/${product}`;
      client.lines.set(key, { row: lead, product, units: (client.lines.get(key)?.units ?? 0n) + BigInt(units) });
    } else if (cash) {
      const free = random.int(0, 300);
      history.push(`holding ${row} ${free}`);
      book.setHolding(index, row, free);
      client.free.set(leadRow(table, row), BigInt(free));
    }
    const form = client.orders.length <= 5 ? 'subsets' : 'parts';
    expect(book.requirement(index), where()).toBe(Number(requirementOf(table, floor, portfolioOf(table, client), form)));
  }
}

function show(order: WorkingOrder): string {
  const side = order.side === 1 ? 'buy' : 'sell';
  return `${side} row ${order.row} product ${order.product} ${order.quantity}@${order.price} alt ${order.altQuantity}@${order.altPrice}`;
}

describe('the margin book', () => {
  it('equals the oracle after every step', () => {
    for (let seed = 1; seed <= RUNS; seed++) run(seed, false);
  });

  it('equals it too where calendar charges are bounded by how far each month’s delta can go', () => {
    for (let seed = 1; seed <= RUNS; seed++) run(seed, true);
  });
});
