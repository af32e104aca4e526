// Laws of an order's life: what was held comes back, pieces add up however they arrive, and no rupee appears or vanishes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExecType } from '../../engine/index.ts';
import type { Fields, PlainCommand } from '../oracle/commands.ts';
import { type AccountPicture, engineSlotPicture } from '../oracle/picture.ts';
import { Random } from '../oracle/random.ts';
import { BUSINESS_DATE, randomTable } from '../oracle/random-table.ts';
import { SlotRunner } from './slot-runner.ts';

const RUNS = 60;
const TABLE = randomTable(new Random(5), 5);
const NOBODY = { originKind: 0, origin: 0, incarnation: 0, number: 0 };
const POLICY = { cashRateFloor: 2000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 10_000_000 };

/** A slot with one rich client, and the commands an OMS would send for it. */
class Desk {
  readonly runner = new SlotRunner(7, new Map([['table', TABLE]]));
  private ids = 0;
  private time = 1_800_000_000_000_000;

  constructor() {
    const rare = (kind: PlainCommand['kind'], body: object): void => this.runner.step({ kind, time: this.tick(), origin: NOBODY, body });
    rare('LoadParameters', { tableHash: 'table', label: 'table' });
    rare('OpenDay', { businessDate: BUSINESS_DATE, ruleSet: 1, policy: POLICY });
    rare('OpenAccount', { account: 'ALPHA', riskGroup: 'ab', status: 'ACTIVE', segments: [1, 2, 4], kind: 'CLIENT' });
    rare('SetCollateral', { account: 'ALPHA', cash: 1_000_000_000, cashEquivalent: 0, nonCash: 0 });
  }

  private tick(): number {
    this.time += 1;
    return this.time;
  }

  send(kind: PlainCommand['kind'], fields: Fields): void {
    this.runner.step({ kind, time: this.tick(), origin: NOBODY, fields: { account: 'ALPHA', ...fields } });
  }

  /** Places a limit order at the previous close; its sequence. */
  place(row: number, side: number, quantity: number): number {
    const clOrdId = `P${++this.ids}`;
    const where = { token: TABLE.token[row] ?? 0, segment: TABLE.segment[row] ?? 0, product: TABLE.kind[row] === 0 ? 2 : 3 };
    this.send('PlaceOrder', { ...where, clOrdId, side, ordType: 2, timeInForce: 0, quantity, price: TABLE.previousClose[row] ?? 0 });
    return this.runner.state.sequence;
  }

  report(row: number, side: number, execType: number, more: Fields): void {
    const where = { token: TABLE.token[row] ?? 0, segment: TABLE.segment[row] ?? 0, product: TABLE.kind[row] === 0 ? 2 : 3 };
    this.send('RecordExecution', { ...where, side, execType, tradeDate: BUSINESS_DATE, ...more });
  }

  mark(rows: readonly number[]): void {
    const marks = rows.map((row) => ({
      token: TABLE.token[row] ?? 0,
      segment: TABLE.segment[row] ?? 0,
      price: (TABLE.previousClose[row] ?? 0) + 500,
    }));
    this.runner.step({ kind: 'MarkPrices', time: this.tick(), origin: NOBODY, marks });
  }

  client(): AccountPicture {
    const picture = engineSlotPicture(this.runner.state)['ALPHA'];
    if (picture === undefined) throw new RangeError('ALPHA was not opened');
    return picture;
  }
}

const tradable = Array.from({ length: TABLE.instruments }, (_, row) => row).filter((row) => TABLE.flags[row] === 0);
const rows = fc.constantFrom(...tradable);
const sides = fc.constantFrom(1, 2);

describe('laws of an order and its money', () => {
  it('a cancelled order gives back exactly what it held', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(rows, sides), { maxLength: 4 }), rows, sides, (working, row, side) => {
        const desk = new Desk();
        for (const [otherRow, otherSide] of working) desk.place(otherRow, otherSide, (TABLE.lot[otherRow] ?? 1) * 2);
        const before = desk.client();
        const sequence = desk.place(row, side, (TABLE.lot[row] ?? 1) * 3);
        expect(Object.keys(desk.client().orders)).toContain(String(sequence));
        desk.send('CancelOrder', { clOrdId: 'X1', orderSequence: sequence });
        expect(desk.client().orders[String(sequence)]?.['pendingCancel']).toBe('X1');
        desk.report(row, side, ExecType.CANCELED, { orderSequence: sequence, clOrdId: 'X1' });
        expect(desk.client()).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('fills in any order end in the same place', () => {
    const pieces = fc.array(fc.record({ lots: fc.integer({ min: 1, max: 4 }), off: fc.integer({ min: -20, max: 20 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    const both = pieces.chain((list) => {
      const numbered = list.map((piece, index) => ({ ...piece, id: `T${index}` }));
      return fc.tuple(fc.constant(numbered), fc.shuffledSubarray(numbered, { minLength: numbered.length }));
    });
    fc.assert(
      fc.property(rows, sides, both, (row, side, [first, second]) => {
        const ends = [first, second].map((fills) => {
          const desk = new Desk();
          const lot = TABLE.lot[row] ?? 1;
          const sequence = desk.place(row, side, lot * 20);
          for (const { lots, off, id } of fills) {
            const lastPx = Math.max(500, (TABLE.previousClose[row] ?? 0) + off * 500);
            desk.report(row, side, ExecType.TRADE, { orderSequence: sequence, tradeId: id, lastQuantity: lots * lot, lastPx });
          }
          desk.mark([row]);
          return desk.client();
        });
        expect(ends[1]).toEqual(ends[0]);
        expect(Object.values(ends[0]?.positions ?? {})).toHaveLength(1);
      }),
      { numRuns: RUNS },
    );
  });

  it('cash, premium and gain are what the standing trades paid', () => {
    const trade = fc.record({ row: rows, side: sides, lots: fc.integer({ min: 1, max: 5 }), off: fc.integer({ min: -20, max: 20 }) });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 12 }), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (trades, busts) => {
        const desk = new Desk();
        const marked = [...new Set(trades.map(({ row }) => row))];
        let paidForOptions = 0;
        let paidElsewhere = 0;
        const net = new Map<number, number>();
        trades.forEach(({ row, side, lots, off }, index) => {
          const lastQuantity = lots * (TABLE.lot[row] ?? 1);
          const lastPx = Math.max(500, (TABLE.previousClose[row] ?? 0) + off * 500);
          const terms = { tradeId: `T${index}`, lastQuantity, lastPx };
          desk.report(row, side, ExecType.TRADE, terms);
          if (busts[index] === true) {
            desk.report(row, side, ExecType.TRADE_CANCEL, { ...terms, execRefId: `T${index}` });
            return;
          }
          const signed = side === 1 ? lastQuantity : -lastQuantity;
          net.set(row, (net.get(row) ?? 0) + signed);
          if ((TABLE.kind[row] ?? 0) >= 2) paidForOptions += signed * lastPx;
          else paidElsewhere += signed * lastPx;
        });
        desk.mark(marked);
        let worth = 0;
        for (const [row, units] of net) if ((TABLE.kind[row] ?? 0) < 2) worth += units * ((TABLE.previousClose[row] ?? 0) + 500);
        const { money } = desk.client();
        expect(money['cash']).toBe(1_000_000_000);
        expect(money['premium']).toBe(paidForOptions);
        expect(money['gain']).toBe(worth - paidElsewhere);
      }),
      { numRuns: RUNS },
    );
  });

  it('a trade reported by every source is booked once', () => {
    fc.assert(
      fc.property(rows, sides, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }), (row, side, sources) => {
        const desk = new Desk();
        const sequence = desk.place(row, side, (TABLE.lot[row] ?? 1) * 4);
        const fill = { tradeId: 'T1', lastQuantity: (TABLE.lot[row] ?? 1) * 2, lastPx: TABLE.previousClose[row] ?? 0 };
        desk.report(row, side, ExecType.TRADE, { ...fill, orderSequence: sequence });
        const once = desk.client();
        for (const source of sources)
          desk.report(row, side, ExecType.TRADE, { ...fill, source, ...(source === 0 ? { orderSequence: sequence } : {}) });
        expect(desk.client()).toEqual(once);
      }),
      { numRuns: RUNS },
    );
  });
});
