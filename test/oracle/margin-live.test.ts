// The live book against exact arithmetic, after every command of random days: positions come and go, orders work and end, and other parameter files come into
// force, each with every rule a SPAN file may carry: tiers, spreads of all kinds, delivery months, credits, option minima by tier, two clearing organisations.
import { describe, expect, it } from 'vitest';
import { ExchangeSegment, type ParameterTable, Product, roundMicrosToPaise } from '../../engine/index.ts';
import { exchangeReport, placeOrder } from '../engine/builders.ts';
import { type Desk, openDesk } from '../engine/desk.ts';
import { randomSpanTable } from './margin-random-span.ts';
import { exactSpan } from './margin-span-oracle.ts';
import { Random } from './random.ts';

const { ORACLE_DAYS } = process.env;
const DAYS = Number(ORACLE_DAYS ?? 8);
const COMMANDS = 30;
const ACCOUNT = 'B2';
const CLIENT = 2;

/** What the positions ask, paise by underlying: exact SPAN and exposure, rounded once; and how far the book may be from it. */
function exactByUnderlying(table: ParameterTable, held: ReadonlyMap<number, number>): { readonly paise: number; readonly tolerance: number } {
  let paise = 0;
  const lines = exactSpan(table, held);
  for (const line of lines) {
    let exposure = 0;
    for (const [row, units] of held) {
      if (table.details.commodities[table.underlying[row] ?? -1]?.symbol !== line.symbol) continue;
      exposure += Math.abs(units) * Math.round((units > 0 ? table.elmLong[row] : table.elmShort[row]) ?? 0);
    }
    paise += line.span.toNumber() * 100 + roundMicrosToPaise(exposure);
  }
  // Half a paisa and the micro of a rounded charge, for each underlying.
  return { paise, tolerance: lines.length * (0.5 + 2e-4) };
}

class RandomDay {
  readonly desk: Desk;
  readonly seen = { loaded: 0, orders: 0, ended: 0, credits: 0 };
  private readonly random: Random;
  private table: ParameterTable;
  private readonly held = new Map<number, number>();
  private readonly working: { id: string; row: number }[] = [];
  private orders = 0;
  private files = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.table = randomSpanTable(this.random, true);
    this.desk = openDesk(this.table);
    this.desk.account(ACCOUNT, 1e9, { segments: [ExchangeSegment.MCX] });
  }

  /** One command, and the book held to the oracle after it. */
  step(where: string): void {
    const roll = this.random.int(1, 10);
    if (roll <= 5) this.position();
    else if (roll <= 7) this.order();
    else if (roll <= 9) this.end();
    else this.load();
    this.check(where);
  }

  /** Rest of the day: every order ends, and the figure is the positions' again. */
  settle(where: string): void {
    while (this.working.length > 0) this.end();
    this.check(where);
  }

  private position(): void {
    const row = this.random.int(0, this.table.instruments - 1);
    const quantity = this.random.int(-8, 8) * 5;
    this.held.set(row, quantity);
    this.desk.tell('ImportPosition', { account: ACCOUNT, ...this.of(row), product: Product.NRML, quantity, price: 1_000_000 });
    if (quantity === 0) this.held.delete(row);
  }

  private order(): void {
    const row = this.random.int(0, this.table.instruments - 1);
    const id = `o${this.orders++}`;
    const side = this.random.oneIn(2) ? 'buy' : 'sell';
    const terms = { account: ACCOUNT, id, of: this.of(row), side, quantity: this.random.int(1, 8) * 5, price: this.random.int(1, 900) } as const;
    if (this.desk.send(placeOrder(terms))[0]?.event !== 'OrderAccepted') return;
    this.working.push({ id, row });
    this.seen.orders++;
  }

  private end(): void {
    const [order] = this.working.splice(this.random.int(0, Math.max(0, this.working.length - 1)), 1);
    if (order === undefined) return;
    this.desk.send(exchangeReport({ account: ACCOUNT, id: order.id, type: 'CANCELED', of: this.of(order.row) }));
    this.seen.ended++;
  }

  private load(): void {
    this.table = randomSpanTable(this.random, true);
    this.files += 1;
    this.desk.load(this.table, `file-${this.files}`);
    this.seen.loaded++;
  }

  private of(row: number): { readonly segment: number; readonly token: number } {
    return { segment: ExchangeSegment.MCX, token: this.table.token[row] ?? 0 };
  }

  private check(where: string): void {
    const { book } = this.desk.state.derived;
    const { paise, tolerance } = exactByUnderlying(this.table, this.held);
    const requirement = book?.requirement(CLIENT) ?? Number.NaN;
    const lines = book?.underlyingMargins(CLIENT) ?? [];
    if (lines.some((line) => line.interCommodity !== 0)) this.seen.credits++;
    expect(
      lines.reduce((sum, line) => sum + line.requirement, 0),
      `lines add up, ${where}`,
    ).toBe(requirement);
    if (this.working.length === 0) expect(Math.abs(requirement - paise), `exact, ${where}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('the live book of random days under random parameter files', () => {
  it('is exact SPAN and exposure after every command at which no order works', () => {
    const seen = { loaded: 0, orders: 0, ended: 0, credits: 0 };
    for (let seed = 1; seed <= DAYS; seed++) {
      const day = new RandomDay(seed);
      for (let command = 0; command < COMMANDS; command++) day.step(`day ${seed}, command ${command}`);
      day.settle(`day ${seed}, end`);
      for (const what of Object.keys(seen) as (keyof typeof seen)[]) seen[what] += day.seen[what];
    }
    for (const what of ['loaded', 'orders', 'ended', 'credits'] as const) expect(seen[what], `${what} was exercised`).toBeGreaterThan(DAYS);
  });
});
