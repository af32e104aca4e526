// Commodity margins beside SPAN and ELM, rule by rule: a future of Rs 1,000 a unit whose scan risk is Rs 60 long and Rs 55 short.
import { describe, expect, it, test } from 'vitest';
import { type CommodityRates, commodityAddOns, goodsDeliveryMargin, hasLostSpreads, tenderRule } from '../../../engine/index.ts';

const TODAY = 20_261_120;
const future = { symbol: 'GOLD', isFuture: true, price: 10_000_000, scanLong: 60e6, scanShort: 55e6, daysToExpiry: 10 };
/** Rupees a unit, long and short, by rule. */
const asked = (subject: typeof future, rates: CommodityRates, date = TODAY): Record<string, readonly [number, number]> =>
  Object.fromEntries(commodityAddOns(subject, rates, date).map(({ rule, long, short }) => [rule, [long / 1e6, short / 1e6]]));

describe('a commodity contract', () => {
  test.each<[string, typeof future, CommodityRates, Record<string, readonly [number, number]>]>([
    ['that no file names, far from expiry: nothing', future, {}, {}],
    ['additional margin on both sides', future, { additionalLong: 200, additionalShort: 200 }, { 'commodity.additional': [20, 20] }],
    ['special margin on one side', future, { specialShort: 500 }, { 'commodity.special': [0, 50] }],
    ['pre-expiry margin', future, { preExpiry: 300 }, { 'commodity.preExpiry': [30, 30] }],
    ['agri contract in its lean period: 2 %', future, { isLean: true }, { 'commodity.leanPeriod': [20, 20] }],
    ['in the tender period: 5 %', { ...future, daysToExpiry: 2 }, {}, { 'commodity.tender': [50, 50] }],
    ['the file goes before the rule', { ...future, daysToExpiry: 2 }, { tender: 750 }, { 'commodity.tender': [75, 75] }],
    ['... also where it prints none yet', { ...future, daysToExpiry: 2 }, { tender: 0 }, {}],
    ['settled in cash: no tender period', { ...future, symbol: 'CRUDEOILM', daysToExpiry: 0 }, {}, {}],
    ['least initial margin of 6 %: what the scan risk misses of it', future, { initial: 600 }, { 'commodity.minimum': [0, 5] }],
    ['least initial margin of 8 %', future, { initial: 800 }, { 'commodity.minimum': [20, 25] }],
    [
      'a sold option: on its future’s price; a bought one is free',
      { ...future, isFuture: false, daysToExpiry: 0 },
      { additionalLong: 200, additionalShort: 200, initial: 900 },
      { 'commodity.additional': [0, 20] },
    ],
  ])('%s', (_what, subject, rates, expected) => {
    expect(asked(subject, rates)).toEqual(expected);
  });

  it('in its lean period asked nothing before 2025-10-01', () => {
    expect([20_250_930, 20_251_001].map((date) => asked(future, { isLean: true }, date))).toEqual([{}, { 'commodity.leanPeriod': [20, 20] }]);
  });

  test.each([
    ['GOLD', 20_240_628, [0, 1, 2, 3, 4]],
    ['GOLD', 20_240_701, [0, 1, 2]],
    ['GOLDTEN', 20_261_120, [0, 1, 2, 3, 4]],
    ['NATURALGAS', 20_261_120, []],
  ])('%s on %i is in its tender period so many trading days before expiry: %j', (symbol, date, days) => {
    expect([0, 1, 2, 3, 4, 5, 6].filter((left) => tenderRule(symbol, left, date) !== undefined)).toEqual(days);
  });

  test.each([
    ['GOLD', 3, {}, false],
    ['GOLD', 2, {}, true],
    ['GOLD', 9, { tender: 500 }, true],
    ['CRUDEOIL', 1, {}, false],
    ['CRUDEOIL', 0, {}, true],
  ])('%s, %i trading days left, %j: its spreads have lost their benefit: %s', (symbol, daysToExpiry, rates, lost) => {
    expect(hasLostSpreads({ symbol, daysToExpiry }, rates, TODAY)).toBe(lost);
  });
});

describe('goods to be delivered', () => {
  test.each([
    ['25 % where the spot price is calm', 800, 25_000],
    ['3 % and the five days’ value at risk where that is more', 2_450, 27_500],
    ['25 % where the risk is not known', 0, 25_000],
  ])('ask %s', (_what, spotRisk, rupees) => {
    const obligation = { units: -100, settlementPrice: 10_000_000, spotRisk };
    expect(goodsDeliveryMargin(obligation, TODAY) / 1e6).toBe(rupees);
  });
});
