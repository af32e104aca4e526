// Charges beside the note: penalties, fees, interest, auctions, exercise, GST by state, and our taxes against the clearing corporation's.
import { describe, expect, it } from 'vitest';
import { auctionDebit, closeOutPrice, internalShortageDebit } from '../../../engine/charges/auction-debit.ts';
import { chargeRatesOn, RateUnknown } from '../../../engine/charges/charge-rates.ts';
import { chargeProductOf } from '../../../engine/charges/charged-trade.ts';
import { clientCodePenalty } from '../../../engine/charges/client-code-penalty.ts';
import { clientFee, gstOn } from '../../../engine/charges/client-fees.ts';
import { deliveryTaxes } from '../../../engine/charges/delivery-tax.ts';
import { exactOfPaise, exactRupees, exactText, paiseText, toPaise } from '../../../engine/charges/exact-rupees.ts';
import { exerciseTax } from '../../../engine/charges/exercise-tax.ts';
import { splitGst } from '../../../engine/charges/gst-split.ts';
import { simpleInterest } from '../../../engine/charges/interest.ts';
import { clientFundsMisusePenalty, memberShortfallPenalty, nonReportingPenalty, shortMarginPenalty } from '../../../engine/charges/margin-penalty.ts';
import { settlementTax } from '../../../engine/charges/settlement-tax.ts';
import { reconcileTax } from '../../../engine/charges/tax-reconciliation.ts';
import { businessDate, paise } from '../../../engine/units.ts';

const MICROS = 1_000_000;
const rupees = (amount: number): ReturnType<typeof paise> => paise(Math.round(amount * 100));
const on = businessDate(20261120);

describe('short margin', () => {
  it.each([
    ['NSE', 3, 5, 0.005],
    ['NSE', 4, 4, 0.05],
    ['NSE', 1, 6, 0.05],
    ['MCX', 1, 3, 0.005],
    ['MCX', 1, 4, 0.05],
  ] as const)('%s, day %i in a row, instance %i of the month: %d', (exchange, consecutiveDay, instancesInMonth, rate) => {
    const penalty = shortMarginPenalty({ exchange, shortfall: rupees(1_000), applicableMargin: rupees(1_00_000), consecutiveDay, instancesInMonth });
    expect(penalty).toEqual({ rate, amount: rupees(1_000 * rate) });
  });

  it('not reported is wholly short; a member pays by the day and a fixed sum', () => {
    expect(nonReportingPenalty(rupees(500)).amount).toBe(rupees(500));
    const fixed = [1, 2, 5, 6, 10, 11].map((instance) => memberShortfallPenalty(rupees(1_00_000), 2, instance).amount - rupees(140));
    expect(fixed.map((sum) => sum / 100)).toEqual([0, 5_000, 5_000, 10_000, 10_000, 50_000]);
    expect(clientFundsMisusePenalty(rupees(1_00_000), 1, false).amount).toBe(rupees(100));
    expect(clientFundsMisusePenalty(rupees(1_00_000), 1, true).amount).toBe(rupees(70));
  });
});

describe('client codes modified, of a segment’s turnover of a crore in a month', () => {
  // SEBI CIR/DNPD/6/2011: 1 % up to 5 % of the turnover, 2 % above it; an inspection above 1 %.
  it.each([
    [20261120, 0, 0, false],
    [20261120, 1_00_000, 1_000, false],
    [20261120, 1_00_001, 1_000.01, true],
    [20261120, 5_00_000, 5_000, true],
    [20261120, 5_00_001, 10_000.02, true],
    [20110729, 5_00_001, 0, false],
  ] as const)('on %i: %d rupees cost %d', (date, modified, amount, isInspected) => {
    const sums = { modified: rupees(modified), turnover: rupees(1_00_00_000) };
    expect(clientCodePenalty(sums, businessDate(date))).toMatchObject({ amount: rupees(amount), isInspected });
  });
});

describe('fees', () => {
  it.each([
    [20261120, 1, '15.34'],
    [20240930, 1, '15.93'],
    [20261120, 3, '46.02'],
  ])('a demat debit on %i, %i times: %s with GST', (date, count, total) =>
    expect(paiseText(clientFee('dpDebit', count, businessDate(date)).total)).toBe(total),
  );

  it('a tariff of the broker’s own stands in for the published one, and must know the day', () => {
    const own = [{ kind: 'pledge' as const, from: 20260401, to: null, amount: rupees(12.5), source: 'house tariff' }];
    expect(paiseText(clientFee('pledge', 1, on, own).total)).toBe('14.75');
    expect(() => clientFee('pledge', 1, businessDate(20260331), own)).toThrow(new RateUnknown('no pledge fee is known on 2026-03-31'));
    expect(paiseText(gstOn(rupees(0.25)).note)).toBe('0.05');
  });
});

describe('interest', () => {
  it.each([
    ['18 % for a day', [[1_00_000, 1, '18']], '49.32'],
    ['a year is the rate', [[1_00_000, 365, '14.99']], '14990.00'],
    [
      'days of different debits round once, together',
      [
        [1_000, 1, '10'],
        [1_000, 1, '10'],
        [1_000, 1, '10'],
      ],
      '0.82',
    ],
    ['nothing owed', [], '0.00'],
  ] as const)('%s', (_name, spans, note) =>
    expect(
      paiseText(simpleInterest(spans.map(([principal, days, percentPerYear]) => ({ principal: rupees(principal), days, percentPerYear }))).note),
    ).toBe(note),
  );

  it('refuses a rate that is none', () =>
    expect(() => simpleInterest([{ principal: rupees(1), days: 1, percentPerYear: '-1' }])).toThrow(RangeError));
});

it('values shortages: auction difference, close-out at the higher of highest and 1.2 closes, a fifth above inside the house', () => {
  expect(closeOutPrice(130 * MICROS, 100 * MICROS)).toBe(130 * MICROS);
  expect(closeOutPrice(110 * MICROS, 100 * MICROS)).toBe(120 * MICROS);
  const short = {
    settlementPrice: 100 * MICROS,
    auctionQuantity: 10,
    auctionPrice: 104.5 * MICROS,
    closeOutQuantity: 5,
    highestPrice: 110 * MICROS,
    auctionDayClose: 100 * MICROS,
  };
  expect(auctionDebit(short)).toEqual({ auction: rupees(45), closeOut: rupees(100), closeOutPrice: 120 * MICROS, total: rupees(145) });
  expect(auctionDebit({ ...short, auctionPrice: 90 * MICROS }).auction).toBe(0);
  expect(internalShortageDebit(100 * MICROS, 7)).toBe(rupees(840));
});

it('taxes exercise on intrinsic value, commodities on the settlement price, by date', () => {
  const call = { segment: 'OPT', kind: 'CE', strike: 100 * MICROS, settlementPrice: 150 * MICROS, quantity: 1_000 } as const;
  expect(exactText(exerciseTax(call, on).exact)).toBe('75');
  expect(exactText(exerciseTax(call, businessDate(20260331)).exact)).toBe('62.5');
  expect(exerciseTax(call, businessDate(20260331)).note).toBe(rupees(63));
  expect(exerciseTax({ ...call, kind: 'PE' }, on).exact).toBe(0n);
  expect(exactText(exerciseTax({ ...call, segment: 'COM_OPT' }, on).exact)).toBe('0.15');
  expect(() => exerciseTax(call, businessDate(20190831))).toThrow(RateUnknown);
});

it('taxes what an expiry delivers as a delivery trade: STT on both sides, stamp duty on the buyer', () => {
  const future = { side: 'BUY', price: 1_415_700_000, quantity: 525 } as const;
  const [bought, sold] = [deliveryTaxes(future, chargeRatesOn(on)), deliveryTaxes({ ...future, side: 'SELL' }, chargeRatesOn(on))];
  expect([exactText(bought.stt), exactText(bought.stamp)]).toEqual(['743.2425', '111.486375']);
  expect([exactText(sold.stt), exactText(sold.stamp)]).toEqual(['743.2425', '0']);
});

it.each([
  ['KA', 'KA', '4.49', '4.48', '0.00'],
  ['KA', 'MH', '0.00', '0.00', '8.97'],
  ['', '', '0.00', '0.00', '8.97'],
])('splits 8.97 of GST between %s and %s', (member, client, cgst, sgst, igst) => {
  const exact = exactRupees(exactOfPaise(rupees(8.97)) + 1n);
  const split = splitGst({ exact, note: toPaise(exact) }, member, client);
  expect([split.cgst, split.sgst, split.igst].map((part) => paiseText(part.note))).toEqual([cgst, sgst, igst]);
  expect(split.cgst.exact + split.sgst.exact + split.igst.exact).toBe(exact);
});

it('nets a scrip day whichever way it leans', () => {
  const sold = { buyQuantity: 40, buyValue: 4_400n * 1_000_000n, sellQuantity: 100, sellValue: 10_000n * 1_000_000n };
  const tax = settlementTax(sold, 'NSE', on);
  expect([tax.deliveryQuantity, tax.intradayQuantity, exactText(tax.intraday)]).toEqual([60, 40, '1']);
  const bought = settlementTax({ ...sold, sellQuantity: 0, sellValue: 0n }, 'BSE', on);
  expect([bought.intradayQuantity, exactText(bought.delivery)]).toEqual([0, '4.4']);
});

it('reconciles taxes: equal, different, missing on either side, and nothing against nothing', () => {
  const { lines, difference } = reconcileTax(
    new Map([
      ['A', rupees(10)],
      ['B', rupees(5)],
      ['C', rupees(7)],
      ['Z', rupees(0)],
    ]),
    new Map([
      ['A', rupees(10)],
      ['B', rupees(6)],
      ['D', rupees(1)],
    ]),
  );
  expect(lines.map((line) => `${line.client} ${line.status} ${line.difference / 100}`)).toEqual([
    'A equal 0',
    'B different 1',
    'C missingAtClearing -7',
    'D missingHere 1',
    'Z equal 0',
  ]);
  expect(difference).toBe(rupees(-5));
});

describe('the product a trade is charged by', () => {
  it.each([
    ['CNC', 1, 'CNC'],
    ['MIS', 2, 'MIS'],
    ['NRML', 3, 'NRML'],
    ['MTF, which is delivered', 4, 'CNC'],
    ['CO, which is intraday', 5, 'MIS'],
    ['BO, which is intraday', 6, 'MIS'],
    ['one that nobody knows', 0, undefined],
  ])('%s', (_what, product, charged) => {
    expect(chargeProductOf(product)).toBe(charged);
  });
});
