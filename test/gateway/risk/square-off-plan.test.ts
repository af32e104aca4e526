// Slices and protected prices by hand. Prices in rupees here, ticks of 1/10,000 there.
import { describe, expect, it } from 'vitest';
import { InstrumentKind, Side } from '../../../engine/index.ts';
import { protectedPrice, type SquareOffPolicy, slicesOf } from '../../../gateway/risk/square-off-plan.ts';

const POLICY: SquareOffPolicy = { protection: { cash: 100, futures: 100, options: 1_000 }, approvalAbove: 1e7, attempts: 3, answerSeconds: 5 };
const LIMITS = { lot: 75, freezeQuantity: 1_800, tickSize: 500, bandLow: 0, bandHigh: 0, maxValue: 0 };
const ticks = (rupees: number): number => Math.round(rupees * 10_000);

describe('slices', () => {
  it.each<[string, number, object, number[]]>([
    ['one order', 750, {}, [750]],
    ['below the freeze quantity, in lots', 4_000, {}, [1_725, 1_725, 525, 25]],
    ['just at it', 1_800, {}, [1_725, 75]],
    ['no freeze quantity', 40_000, { freezeQuantity: 0, lot: 1 }, [40_000]],
    // 1,000 rupees a unit, Rs 1 lakh an order: 100 units.
    ['within the value of one order', 250, { lot: 1, freezeQuantity: 0, maxValue: 1_00_000_00 }, [100, 100, 50]],
    ['an odd lot that is left', 20, {}, [20]],
  ])('%s', (_, units, limits, expected) => {
    expect(slicesOf(units, ticks(1_000), { ...LIMITS, ...limits })).toEqual(expected);
  });

  it('never come to more than what is left', () => {
    for (let left = 1; left < 6_000; left += 37) expect(slicesOf(left, ticks(10), LIMITS).reduce((sum, each) => sum + each, 0)).toBe(left);
  });
});

describe('protected prices', () => {
  const sell = { side: Side.SELL, kind: InstrumentKind.FUT };
  const buy = { side: Side.BUY, kind: InstrumentKind.FUT };
  it.each<[string, Parameters<typeof protectedPrice>[0], number, object, number, number]>([
    ['a sale 1 % below', sell, 1_000, {}, 0, 990],
    ['a purchase 1 % above', buy, 1_000, {}, 0, 1_010],
    ['twice as far the second time', sell, 1_000, {}, 1, 980],
    ['four times the third', buy, 1_000, {}, 2, 1_040],
    ['on the tick, away from the mark', sell, 1_000.1, {}, 0, 990.05],
    ['inside the band', sell, 1_000, { bandLow: ticks(995.02) }, 0, 995.05],
    ['inside the upper band', buy, 1_000, { bandHigh: ticks(1_004.99) }, 0, 1_004.95],
    ['an option by a tenth', { side: Side.SELL, kind: InstrumentKind.PE }, 50, {}, 0, 45],
    ['a cheap option by four steps', { side: Side.BUY, kind: InstrumentKind.CE }, 0.1, {}, 0, 0.3],
    ['never below one step', { side: Side.SELL, kind: InstrumentKind.CE }, 0.1, {}, 0, 0.05],
  ])('%s', (_, exit, mark, limits, attempt, expected) => {
    expect(protectedPrice(exit, ticks(mark), { ...LIMITS, ...limits }, POLICY, attempt) / 10_000).toBe(expected);
  });
});
