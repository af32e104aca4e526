// The dated rules one by one: in force from their day, silent before it, and the arithmetic of each.
import { describe, expect, it, test } from 'vitest';
import {
  afterExpiryMargin,
  type CombinedCommodity,
  calendarExposureRelief,
  cashMarginLine,
  crystallisedObligation,
  deliveryMargin,
  isExpiryBenefitWithdrawn,
  MARGIN_RULES,
  PRODUCT_RULES,
  Product,
  premiumUpfront,
  productRuleOn,
  ruleOn,
  ruleValue,
  shortExposureRate,
  underlyingKind,
  withoutExpiringBenefit,
} from '../../../engine/index.ts';
import { seriesSpread, syntheticTable } from './synthetic-table.ts';

const rupees = (micros: number): number => micros / 1e6;

describe('the table', () => {
  it('has one row per rule and day, each with its source', () => {
    expect(MARGIN_RULES.length).toBeGreaterThan(25);
    expect(MARGIN_RULES.filter((rule) => rule.source.length < 10)).toEqual([]);
    for (const rule of MARGIN_RULES) {
      const rivals = MARGIN_RULES.filter(
        (other) => other.id === rule.id && other !== rule && other.from <= (rule.to ?? 99999999) && rule.from <= (other.to ?? 99999999),
      );
      expect(rivals, rule.id).toEqual([]);
    }
  });

  test.each([
    ['elm.expiryDay', 20241119, 20241120],
    ['calendar.index.expiryDay', 20250209, 20250210],
    ['premium.upfront', 20250209, 20250210],
    ['preOpen.gross', 20251207, 20251208],
    ['calendar.stock.expiryDay', 20260503, 20260504],
  ])('%s is silent on %i and in force on %i', (id, before, from) => {
    expect([ruleOn(id, before), ruleValue(id, before)]).toEqual([undefined, 0]);
    expect(ruleOn(id, from)?.from).toBe(from);
  });

  it('withdraws the calendar benefit of indices and of stocks each on its day', () => {
    expect([20250209, 20250210, 20260503, 20260504].map((date) => isExpiryBenefitWithdrawn('index', date))).toEqual([false, true, true, true]);
    expect([20250209, 20250210, 20260503, 20260504].map((date) => isExpiryBenefitWithdrawn('stock', date))).toEqual([false, false, false, true]);
    expect(isExpiryBenefitWithdrawn('commodity', 20270101)).toBe(false);
  });

  it('tells an index, a stock, a currency and a commodity', () => {
    expect([underlyingKind('NIFTY', 2), underlyingKind('SENSEX', 5), underlyingKind('INFY', 2)]).toEqual(['index', 'index', 'stock']);
    expect([underlyingKind('USDINR', 3), underlyingKind('GOLD', 7)]).toEqual(['currency', 'commodity']);
  });

  it('asks more of a short in crude oil than of other commodities', () => {
    const future = { isIndex: false, kind: 'FUT', strike: 0, expiry: 20261218, underlyingPrice: 60_000_000, market: 'commodity' } as const;
    expect([shortExposureRate({ ...future, symbol: 'GOLD' }, 20261120), shortExposureRate({ ...future, symbol: 'CRUDEOILM' }, 20261120)]).toEqual([
      100, 125,
    ]);
  });
});

describe('physical delivery', () => {
  const call = { kind: 'CE', strike: 9_500_000, underlyingPrice: 10_000_000, units: 100, rate: 1_800 } as const;
  test.each([
    [5, 0],
    [4, 1_710],
    [3, 4_275],
    [2, 7_695],
    [1, 11_970],
    [0, 17_100],
  ])('%i trading days before expiry: part of 18 % on 95,000', (days, margin) => {
    expect(rupees(deliveryMargin(call, days, 20261120))).toBe(margin);
  });

  it('spares options out of the money, sold options, and the days before the rule', () => {
    expect(deliveryMargin({ ...call, strike: 10_000_000 }, 1, 20261120)).toBe(0);
    expect(deliveryMargin({ ...call, kind: 'PE' }, 1, 20261120)).toBe(0);
    expect(deliveryMargin({ ...call, units: -100 }, 1, 20261120)).toBe(0);
    expect(deliveryMargin(call, 1, 20190930)).toBe(0);
    expect(rupees(deliveryMargin({ ...call, kind: 'PE', strike: 10_500_000 }, 1, 20261120))).toBe(13_230);
  });

  it('after expiry asks VaR and ELM at the close, and what the price has lost', () => {
    const obligation = { units: 100, settlementPrice: 9_500_000, close: 9_000_000, rate: 1_800 };
    expect(rupees(afterExpiryMargin(obligation, 20261125))).toBe(100 * 900 * 0.18 + 5_000);
    expect(rupees(afterExpiryMargin({ ...obligation, units: -100 }, 20261125))).toBe(16_200);
  });
});

describe('the exposure of a futures spread', () => {
  const leg = (expiry: number, units: number, exposure = 20e6) => ({ expiry, units, exposure });
  test.each([
    ['one pair: a third of the far month', [leg(20261229, 65), leg(20270128, -65, 21e6)], 65 * (20 + 14)],
    ['the other way round', [leg(20261229, -65), leg(20270128, 65, 21e6)], 65 * (20 + 14)],
    ['only what is matched', [leg(20261229, 65), leg(20270128, -40, 21e6)], 40 * 34],
    ['nearest first', [leg(20261229, 65), leg(20270128, -40, 21e6), leg(20270225, -40, 24e6)], 40 * 34 + 25 * (20 + 16)],
    ['not two futures of one month', [leg(20261229, 65), leg(20261229, -65, 21e6)], 0],
    ['nothing on one side', [leg(20261229, 65), leg(20270128, 65)], 0],
  ])('%s', (_what, legs, relief) => {
    expect(rupees(calendarExposureRelief(legs, 'index', 20261120))).toBe(relief);
  });

  it('is lost to a leg that expires today, from the day the rule began', () => {
    const legs = [leg(20250210, 65), leg(20250327, -65)];
    expect(calendarExposureRelief(legs, 'index', 20250210)).toBe(0);
    expect(rupees(calendarExposureRelief(legs, 'stock', 20250210))).toBeCloseTo(65 * (20 + 40 / 3), 4);
    expect(calendarExposureRelief(legs, 'commodity', 20250101)).toBe(0);
  });
});

describe('a file that does not say so itself', () => {
  const [DAY, NEXT] = [20260526, 20260630];
  const spreads = [seriesSpread('X', 1, 5, DAY, NEXT), seriesSpread('X', 2, 5, NEXT, 20260728)];
  const commodity = syntheticTable({ commodities: [{ symbol: 'X', contracts: [], spreads }] }).details.commodities[0] as CombinedCommodity;
  it('loses the spreads of the expiring series, and its scan stands alone', () => {
    const changed = withoutExpiringBenefit(commodity, 'stock', DAY);
    expect(changed.scanTiers).toEqual([
      { tier: 1, from: DAY, to: DAY },
      { tier: 2, from: DAY + 1, to: 0 },
    ]);
    expect(changed.spreads.map((spread) => spread.priority)).toEqual([2]);
  });
  it('is left as it is before the rule, and where it has tiers already', () => {
    expect(withoutExpiringBenefit(commodity, 'stock', 20260503)).toBe(commodity);
    const tiered = withoutExpiringBenefit(commodity, 'stock', DAY);
    expect(withoutExpiringBenefit(tiered, 'stock', DAY)).toBe(tiered);
  });
});

describe('money of orders and of the day', () => {
  it('asks a buyer for the premium', () => {
    expect(rupees(premiumUpfront(1_500_000, 75, 20250210))).toBe(11_250);
    expect(premiumUpfront(1_500_000, 75, 20250209)).toBe(0);
  });

  it('crystallises what the day has cost, and never pays it out', () => {
    expect(crystallisedObligation({ premiumPaid: 900, premiumReceived: 400, realised: -250 }, 20261120)).toBe(750);
    expect(crystallisedObligation({ premiumPaid: 100, premiumReceived: 400, realised: 0 }, 20261120)).toBe(0);
  });
});

describe('cash', () => {
  const rates = { applicable: 1_250, least: 2_000, isTradeToTrade: false };
  const position = { units: -100, product: Product.CNC as number, free: 0, t1: 0, earlyPaidIn: 0 };
  const line = (change: Partial<typeof position>, more: Partial<typeof rates> = {}) => {
    const { rule, rate, units } = cashMarginLine({ ...position, ...change }, { ...rates, ...more }, 20261120);
    return [rule, rate, units];
  };
  test.each([
    ['bought for delivery', { units: 100 }, {}, ['cash.least', 2_000, 100]],
    ['the file asks more', { units: 100 }, { applicable: 3_500 }, ['cash.varElm', 3_500, 100]],
    ['sold out of holdings', { free: 100 }, {}, ['cash.deliverySale', 0, 0]],
    ['early paid in', { free: 40, earlyPaidIn: 60 }, {}, ['cash.deliverySale', 0, 0]],
    ['sold before delivery', { free: 40, t1: 60 }, {}, ['cash.btst', 2_000, 60]],
    ['sold beyond everything', { free: 40, t1: 20 }, {}, ['cash.least', 2_000, 60]],
    ['intraday, either way', { product: Product.MIS }, {}, ['cash.least', 2_000, 100]],
    ['holdings do not cover an intraday sale', { product: Product.MIS, free: 100 }, {}, ['cash.least', 2_000, 100]],
    ['funded: a quarter', { units: 100, product: Product.MTF }, {}, ['cash.mtf', 2_500, 100]],
    ['funded, a volatile share', { units: 100, product: Product.MTF }, { applicable: 4_000 }, ['cash.varElm', 4_000, 100]],
    ['trade for trade', { units: 100 }, { isTradeToTrade: true }, ['cash.tradeToTrade', 10_000, 100]],
    ['cover order', { units: 100, product: Product.CO }, {}, ['cash.least', 2_000, 100]],
  ])('%s', (_what, change, more, expected) => {
    expect(line(change, more)).toEqual(expected);
  });
});

describe('products', () => {
  test.each([
    ['CNC', 'cash', 'delivery', null],
    ['MTF', 'cash', 'funded', null],
    ['NRML', 'equity derivatives', 'overnight', null],
    ['MIS', 'cash', 'intraday', { at: 15 * 60 + 20 }],
    ['MIS', 'equity derivatives', 'intraday', { at: 15 * 60 + 25 }],
    ['BO', 'commodity derivatives', 'intraday', { beforeClose: 25 }],
  ] as const)('%s in %s: %s, squared off %o', (product, segment, margin, squareOff) => {
    expect(productRuleOn(Product[product], segment, 20261120)).toMatchObject({ margin, squareOff });
  });

  it('that are not offered have no row', () => {
    expect(productRuleOn(Product.CNC, 'equity derivatives', 20261120)).toBeUndefined();
    expect(productRuleOn(Product.MIS, 'cash', 20210831)).toBeUndefined();
    expect(PRODUCT_RULES.filter((rule) => rule.linkedExits).map((rule) => rule.product)).toContain(Product.BO);
  });
});
