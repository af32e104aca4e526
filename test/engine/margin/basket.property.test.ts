// A basket is weighed by the code that decides: one leg is the what-if of that order, legs in sequence are orders placed one after the other, all
// working is the requirement after forcing them in, all filled that of a client who holds them. And the slot it is asked of stays as it was.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BasketCarry,
  type BasketSlice,
  basketView,
  type CommandView,
  clientView,
  PlaceOrder,
  portfolioMargin,
  Verdict,
} from '../../../engine/index.ts';
import { BARE, CE, EQ, exchangeReport, FUT, type InstrumentId, market, type OrderSpec, PE, placeOrder } from '../builders.ts';
import { type Desk, openDesk } from '../desk.ts';

const INSTRUMENTS: readonly InstrumentId[] = [FUT, CE, PE, EQ];
interface Leg {
  readonly of: InstrumentId;
  readonly side: 'buy' | 'sell';
  readonly lots: number;
  readonly price: number;
}
const leg = fc.record({
  of: fc.constantFrom(...INSTRUMENTS),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  lots: fc.integer({ min: 1, max: 40 }),
  price: fc.integer({ min: 0, max: 100 }),
});
const spec = ({ of, side, lots, price }: Leg, id: string): OrderSpec => ({
  id,
  of,
  side,
  quantity: lots * (of === EQ ? 1 : 100),
  price: of === FUT || of === EQ ? 950 + price : 20 + price,
});

/** A desk whose client holds and works something. */
function desk(held: readonly Leg[], working: readonly Leg[]): Desk {
  const opened = openDesk();
  held.forEach((each, i) => {
    const { quantity = 0, price = 0 } = spec(each, '');
    opened.send(
      exchangeReport({ type: 'TRADE', trade: `T${i}`, quantity, price, of: each.of, side: each.side, product: each.of === EQ ? 'CNC' : 'NRML' }),
    );
  });
  working.forEach((each, i) => {
    opened.send(placeOrder(spec(each, `W${i}`)));
  });
  return opened;
}

const bytesOf = (commands: readonly CommandView[]): Uint8Array =>
  Buffer.concat(commands.map((command) => command.bytes.subarray(0, PlaceOrder.BYTES)));

function ask(of: Desk, legs: readonly Leg[], slice = 50, onPositions = true): BasketSlice {
  let last: BasketSlice | undefined;
  const all: BasketSlice['legs'][number][] = [];
  let carry: BasketCarry | undefined;
  for (let at = 0; at < legs.length; at += slice) {
    const commands = legs.slice(at, at + slice).map((each, i) => placeOrder(spec(each, `L${at + i}`)));
    const answer = basketView(of.fold, of.state, { account: 'A1', legs: Uint8Array.from(bytesOf(commands)), onPositions, carry });
    if (answer === undefined || answer === 'moved') throw new Error('no answer');
    all.push(...answer.legs);
    carry = answer.carry;
    last = answer;
  }
  if (last === undefined) throw new Error('no legs');
  return { ...last, legs: all };
}

const some = (max: number): fc.Arbitrary<Leg[]> => fc.array(leg, { maxLength: max });
const RUNS = { numRuns: 60 };

describe('a basket', () => {
  it('of one leg is the what-if of that order, and changes nothing', () => {
    fc.assert(
      fc.property(some(6), some(4), leg, (held, working, one) => {
        const of = desk(held, working);
        const before = of.state.hash();
        const requirement = clientView(of.state, 'A1')?.requirement;
        const { legs, before: now, available } = ask(of, [one]);
        const verdict = new Verdict();
        of.fold.whatIf(of.state, placeOrder(spec(one, 'L0')), verdict);
        expect(legs[0]?.alone).toEqual(verdict);
        expect(legs[0]?.inSequence).toEqual(verdict);
        expect(now.requirement).toBe(requirement);
        expect(available).toBe(clientView(of.state, 'A1')?.available);
        expect(of.state.hash()).toBe(before);
      }),
      RUNS,
    );
  });

  it('in sequence is orders placed one after the other, in slices of any length', () => {
    fc.assert(
      fc.property(some(4), some(3), fc.array(leg, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 5 }), (held, working, legs, slice) => {
        const of = desk(held, working);
        const basket = ask(of, legs, slice);
        expect(ask(of, legs)).toEqual({ ...basket, carry: expect.anything() });
        legs.forEach((each, i) => {
          const placed = of.send(placeOrder(spec(each, `L${i}`)))[0];
          const { code, requirementBefore, requirementAfter, available } = (basket.legs[i] as BasketSlice['legs'][number]).inSequence;
          expect([code === 0 ? 'OrderAccepted' : 'OrderRejected', requirementBefore, requirementAfter, available]).toEqual([
            placed?.event,
            placed?.before,
            placed?.after,
            placed?.available,
          ]);
        });
        if (basket.legs.every(({ inSequence }) => inSequence.code === 0))
          expect(basket.initial.requirement).toBe(clientView(of.state, 'A1')?.requirement);
      }),
      RUNS,
    );
  });

  it('filled is the portfolio, without positions the legs alone', () => {
    fc.assert(
      fc.property(some(4), fc.array(leg, { minLength: 1, maxLength: 6 }), (held, legs) => {
        const table = market();
        const row = (of: InstrumentId): number => table.find(of.segment, of.token);
        const position = (each: Leg): { instrument: number; quantity: number; product: number } => {
          const { quantity = 0 } = spec(each, '');
          return { instrument: row(each.of), quantity: each.side === 'buy' ? quantity : -quantity, product: each.of === EQ ? 1 : 2 };
        };
        const derivatives = (all: readonly Leg[]): Leg[] => all.filter(({ of }) => of !== EQ);
        const total = (all: readonly Leg[]): number => portfolioMargin(table, all.map(position), 2_000).sum.total;
        const of = desk(derivatives(held), []);
        expect(ask(of, [...derivatives(legs), legs[0] as Leg]).final.requirement).toBeGreaterThanOrEqual(0);
        if (derivatives(legs).length === 0) return;
        expect(ask(of, derivatives(legs)).final.requirement).toBe(total(derivatives([...held, ...legs])));
        expect(ask(of, derivatives(legs), 50, false).final.requirement).toBe(total(derivatives(legs)));
        expect(ask(of, derivatives(legs), 50, false).before.requirement).toBe(0);
      }),
      RUNS,
    );
  });

  it('names legs that cannot be margined and goes on with the others', () => {
    const of = openDesk();
    const commands = [
      placeOrder({ id: 'a' }),
      placeOrder({ id: 'b', of: { segment: 2, token: 999 } }),
      placeOrder({ id: 'c', of: BARE }),
      placeOrder({ id: 'd', quantity: 0 }),
      placeOrder({ id: 'e', side: 'sell' }),
      placeOrder({ id: 'f', quantity: 50 }),
    ];
    const answer = basketView(of.fold, of.state, { account: 'A1', legs: Uint8Array.from(bytesOf(commands)), onPositions: true });
    if (answer === undefined || answer === 'moved') throw new Error('no answer');
    expect(answer.legs.map(({ counted }) => counted)).toEqual([true, false, false, false, true, true]);
    expect(answer.legs[5]?.alone.code).toBeGreaterThan(0);
    expect(answer.final.requirement).toBe(answer.legs[5]?.ownFilled.requirement);
  });

  it('is begun again when other parameters came into force, and refuses what is no leg', () => {
    const of = openDesk();
    const first = ask(of, [{ of: FUT, side: 'buy', lots: 1, price: 50 }]);
    of.load(market(), 'table-2');
    const legs = Uint8Array.from(bytesOf([placeOrder({ id: 'x' })]));
    expect(basketView(of.fold, of.state, { account: 'A1', legs, onPositions: true, carry: first.carry })).toBe('moved');
    expect(() => basketView(of.fold, of.state, { account: 'A1', legs: legs.subarray(8), onPositions: true })).toThrow(RangeError);
    expect(basketView(of.fold, of.state, { account: 'NOBODY', legs, onPositions: true })).toBeUndefined();
  });
});
