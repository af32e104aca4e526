// State is bytes: what the checkpoint streams, what a snapshot holds and what the hash sees is the same state. And the integer arithmetic.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandView, EventWriter, Fold, type ParameterTable, RowTable, SlotState, slotOf, slotOfAccountBytes } from '../../engine/index.ts';
import { shareOfCost } from '../../engine/state/average-cost.ts';
import { RowIndex } from '../../engine/state/row-index.ts';
import { scaleUp } from '../../engine/state/scale-up.ts';
import {
  CE,
  cancelOrder,
  EQ,
  exchangeReport,
  FUT,
  type InstrumentId,
  market,
  marks,
  POLICY,
  placeOrder,
  rare,
  replaceOrder,
  tickAt,
} from './builders.ts';
import { seen } from './desk.ts';

const table = market();
const tables: ReadonlyMap<string, ParameterTable> = new Map([['t', table]]);

interface Said {
  readonly what: number;
  readonly account: string;
  readonly id: string;
  readonly other: string;
  readonly of: InstrumentId;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
  readonly trade: string;
  readonly time: number;
}
interface Step {
  readonly view: CommandView;
  readonly body?: object;
}

const OPENING: readonly Step[] = [
  { view: rare('OpenDay'), body: { businessDate: 20261120, ruleSet: 1, policy: POLICY } },
  { view: rare('LoadParameters'), body: { tableHash: 't', label: 'first file' } },
  ...['A1', 'A2', 'A3'].flatMap((account) => [
    { view: rare('OpenAccount'), body: { account, riskGroup: account, status: 'ACTIVE', segments: [1, 2], kind: 'CLIENT' } },
    { view: rare('SetCollateral'), body: { account, cash: 100_000_000, cashEquivalent: 0, nonCash: 0 } },
  ]),
];

/** A day of random commands about few names, so that they meet. */
const step: fc.Arbitrary<Step> = fc
  .record({
    what: fc.nat(9),
    account: fc.constantFrom('A1', 'A2', 'A3', 'Z9'),
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    other: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    of: fc.constantFrom(EQ, FUT, CE),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.constantFrom(100, 200, 300),
    price: fc.constantFrom(950, 1000, 1050),
    trade: fc.constantFrom('T1', 'T2', 'T3', 'T4'),
    time: fc.nat(20_000_000),
  })
  .map((said) => ({ ...command(said), [fc.toStringMethod]: () => JSON.stringify(said) }));

/** What was drawn, as a command. */
function command({ what, account, id, other, of, side, quantity, price: near, trade, time }: Said): Step {
  const price = of === CE ? near / 20 : near;
  const stamp = { time };
  const type =
    (['NEW', 'REJECTED', 'CANCELED', 'REPLACED', 'TRADE', 'TRADE', 'TRADE_CORRECT', 'TRADE_CANCEL', 'RESTATED', 'EXPIRED'] as const)[
      quantity === 100 ? what : (what + 4) % 10
    ] ?? 'NEW';
  if (what < 3) return { view: placeOrder({ account, id, of, side, quantity, price }, stamp) };
  if (what === 3) return { view: replaceOrder({ account, id, orig: other, quantity, price }, stamp) };
  if (what === 4) return { view: cancelOrder({ account, id, orig: other }, stamp) };
  if (what === 5) return { view: marks([[of, price]], stamp) };
  if (what === 6) return { view: tickAt(time) };
  return { view: exchangeReport({ account, id, type, trade, quantity, price, of, side, ref: trade }, stamp) };
}
const day = fc.array(step, { minLength: 20, maxLength: 120 });

function folded(state: SlotState, steps: readonly Step[]): ReturnType<typeof seen> {
  const fold = new Fold((hash) => tables.get(hash));
  const events = new EventWriter();
  for (const { view, body } of steps) fold.fold(state, view, body, events);
  return seen(events);
}

describe('state', () => {
  it('streamed as changed rows, in any order of rows, arrives whole', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 40 }), fc.boolean(), (steps, batch, backwards) => {
        const live = new SlotState(3);
        const stored = new Map<string, Uint8Array>();
        const all = [
          ...OPENING,
          ...steps,
          { view: rare('CloseDay'), body: { businessDate: 20261120 } },
          { view: rare('OpenDay'), body: { businessDate: 20261123, ruleSet: 1, policy: POLICY } },
          ...steps,
        ];
        for (let at = 0; at < all.length; at += batch) {
          folded(live, all.slice(at, at + batch));
          for (const each of live.tables) each.takeDirty((row) => stored.set(`${each.id}/${row}`, each.image(row).slice()));
          expect(live.tables.some((each) => each.hasDirty)).toBe(false);
        }
        const copy = new SlotState(3);
        const rows = [...stored];
        for (const [key, image] of backwards ? rows.reverse() : rows) {
          const [id, row] = key.split('/').map(Number);
          copy.tables[id ?? 0]?.loadRow(row ?? 0, image);
        }
        copy.rebuild(table);
        expect(copy.hash()).toBe(live.hash());
        expect(copy.snapshot()).toEqual(live.snapshot());
      }),
      { numRuns: 30 },
    );
  });

  it('restored and continued equals never stopped: same events, same hash, same margin', () => {
    fc.assert(
      fc.property(day, day, (before, after) => {
        const live = new SlotState(3);
        folded(live, [...OPENING, ...before]);
        const copy = SlotState.restore(3, live.snapshot());
        copy.rebuild(tables.get(copy.parametersHash));
        expect(copy.hash()).toBe(live.hash());
        for (let client = 1; client < live.clients.rows; client++)
          expect(copy.derived.book?.requirement(client)).toBe(live.derived.book?.requirement(client));
        expect(folded(copy, after)).toEqual(folded(live, after));
        expect(copy.hash()).toBe(live.hash());
      }),
      { numRuns: 40 },
    );
  });

  it('reloading the same parameter table changes no requirement', () => {
    fc.assert(
      fc.property(day, (steps) => {
        const live = new SlotState(3);
        folded(live, [...OPENING, ...steps]);
        expect(folded(live, [{ view: rare('LoadParameters'), body: { tableHash: 't', label: 'again' } }]).map((each) => each.event)).toEqual([
          'ParametersLoaded',
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('hashes every byte: one flipped bit anywhere is another hash', () => {
    const live = new SlotState(3);
    folded(live, OPENING);
    const hash = live.hash();
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    let flips = 0;
    for (const each of live.tables) {
      for (let row = 1; row < each.rows; row++) {
        for (let at = 0; at < each.stride; at++) {
          const image = each.image(row);
          image[at] = (image[at] ?? 0) ^ 16;
          expect(live.hash()).not.toBe(hash);
          image[at] = (image[at] ?? 0) ^ 16;
          flips += 1;
        }
      }
    }
    expect(flips).toBeGreaterThan(500);
    expect(live.hash()).toBe(hash);
  });

  it('refuses a snapshot that is not one of this slot, whole', () => {
    const bytes = new SlotState(3).snapshot();
    const wrong = bytes.slice();
    wrong[0] = 0;
    const newer = bytes.slice();
    newer[4] = 99;
    expect(() => SlotState.restore(3, wrong)).toThrow('not a snapshot');
    expect(() => SlotState.restore(3, newer)).toThrow('state schema 99, this release reads 5');
    expect(() => SlotState.restore(4, bytes)).toThrow('of slot 3, wanted 4');
    expect(() => SlotState.restore(3, bytes.slice(0, -8))).toThrow('cut short in table fundedLots');
    expect(() => SlotState.restore(3, new Uint8Array(5))).toThrow('not a snapshot');
  });

  it('takes a snapshot that was written before the last table came to be', () => {
    const state = new SlotState(3);
    const bytes = state.snapshot();
    const older = bytes.slice(0, bytes.length - 16 - state.fundedLots.stride * state.fundedLots.rows);
    new DataView(older.buffer).setUint32(12, state.tables.length - 1, true);
    expect(SlotState.restore(3, older).hash()).toBe(SlotState.restore(3, bytes).hash());
    new DataView(older.buffer).setUint32(12, state.tables.length + 1, true);
    expect(() => SlotState.restore(3, older)).toThrow(`this release knows ${state.tables.length}`);
  });

  it('refuses a parameter table that is not loaded, by name, and counts the command', () => {
    const live = new SlotState(3);
    expect(() => folded(live, [{ view: rare('LoadParameters'), body: { tableHash: 'nowhere', label: '' } }])).toThrow(
      'parameter table nowhere is not loaded',
    );
    expect(live.parametersHash).toBe('');
  });
});

describe('rows', () => {
  it('are given out and taken back in an order that depends on nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (choices) => {
        const rows = new RowTable('t', 0, 16);
        const live: number[] = [];
        for (const choice of choices) {
          if (choice < 12 || live.length === 0) live.push(rows.allocate());
          else rows.free(live.splice(choice % live.length, 1)[0] ?? 0);
        }
        expect(rows.live).toBe(live.length);
        expect(new Set(live).size).toBe(live.length);
        expect(Array.from({ length: rows.rows }, (_, row) => row).filter((row) => rows.isLive(row))).toEqual([...live].sort((a, b) => a - b));
      }),
    );
  });

  it('are found by key whatever collides', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(5_000), { maxLength: 300 }), fc.nat(6), (keys, bits) => {
        const hash = (key: number): number => key & ((1 << bits) - 1);
        const index = new RowIndex();
        for (const [i, key] of keys.entries()) index.add(hash(key), i + 1);
        const find = (key: number): number => {
          for (let b = index.first(hash(key)); ; b = index.next(b, hash(key))) {
            const row = index.rowAt(b);
            if (row === 0 || keys[row - 1] === key) return row;
          }
        };
        for (const [i, key] of keys.entries()) expect(find(key)).toBe(i + 1);
        expect(find(6_000)).toBe(0);
      }),
    );
  });
});

describe('arithmetic', () => {
  it('splits a cost exactly at any size', () => {
    fc.assert(
      fc.property(fc.nat(9e15), fc.integer({ min: 1, max: 4e8 }), fc.nat(4e8), (cost, whole, some) => {
        const part = some % (whole + 1);
        const exact = (2n * BigInt(cost) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole));
        expect(BigInt(shareOfCost(cost, part, whole))).toBe(exact);
      }),
      { numRuns: 2_000 },
    );
  });

  it('scales a requirement up exactly', () => {
    fc.assert(
      fc.property(fc.nat(9e14), fc.integer({ min: 10_000, max: 100_000 }), (amount, rate) => {
        expect(BigInt(scaleUp(amount, rate))).toBe((BigInt(amount) * BigInt(rate) + 9_999n) / 10_000n);
      }),
      { numRuns: 2_000 },
    );
  });

  it('sends a key to the same slot for ever', () => {
    expect([slotOf('a'), slotOf('risk-group-1'), slotOf('ffff')]).toEqual([PINNED[0], PINNED[1], PINNED[2]]);
    const account = new Uint8Array(16);
    account.set([65, 49]);
    expect(slotOfAccountBytes(account, 0)).toBe(slotOf('A1'));
    expect(new Set(Array.from({ length: 4_000 }, (_, i) => slotOf(`group-${i}`))).size).toBe(256);
  });
});

/** Slots of 'a', 'risk-group-1' and 'ffff': published, so never to change. */
const PINNED: readonly number[] = [56, 162, 177];
