// Laws of a note: cutting and shuffling trades changes nothing, an order pays once, a date picks its rates, what is not known is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeRatesOn, RateUnknown } from '../../../engine/charges/charge-rates.ts';
import { CHARGE_PRODUCTS, CHARGE_SIDES, CHARGE_TERMS, type ChargedTrade, chargeKey } from '../../../engine/charges/charged-trade.ts';
import { exactOfPaise, exactRupees, exactText, paiseText, toPaise, toWholeRupees } from '../../../engine/charges/exact-rupees.ts';
import { CHARGE_PARTS, ChargeNote, ChargeTariff, chargesOf } from '../../../engine/charges/note-charges.ts';
import { GST_ROWS, RATE_ROWS, type RateRow } from '../../../engine/charges/rate-rows.ts';
import { businessDate, paise } from '../../../engine/units.ts';

const MICROS = 1_000_000;
const PLAN = new Map([['default', { fraction: 300_000n, flat: exactOfPaise(paise(2_000)) }]]);
const tariff = (date: number): ChargeTariff => new ChargeTariff(chargeRatesOn(businessDate(date)), PLAN);
const order = (side: ChargedTrade['side'], quantity: number, rupees: number, more: Partial<ChargedTrade> = {}): ChargedTrade => ({
  exchange: 'NSE',
  segment: 'EQ',
  product: 'CNC',
  side,
  quantity,
  price: rupees * MICROS,
  ...more,
});

const MARKETS = CHARGE_TERMS.filter((terms) => typeof chargeRatesOn(businessDate(20261120)).byKey[chargeKey(terms)] !== 'string');
const trades = fc.array(
  fc.record({
    terms: fc.constantFrom(...MARKETS),
    quantity: fc.integer({ min: 1, max: 100_000 }),
    price: fc.integer({ min: 1, max: 10_000_000 }).map((paisas) => paisas * 10_000),
  }),
  { maxLength: 30 },
);
const asTrades = (rows: readonly { terms: (typeof MARKETS)[number]; quantity: number; price: number }[]): ChargedTrade[] =>
  rows.map(({ terms, ...rest }) => ({ ...terms, ...rest }));

describe('a note', () => {
  it('does not depend on the order of trades', () => {
    fc.assert(
      fc.property(trades, (rows) => {
        const list = asTrades(rows);
        expect(chargesOf([...list].reverse(), tariff(20261120))).toEqual(chargesOf(list, tariff(20261120)));
      }),
    );
  });

  it('adds up exactly: the exact charges of two notes are those of both together', () => {
    fc.assert(
      fc.property(trades, trades, (first, second) => {
        const [a, b, both] = [first, second, [...first, ...second]].map((rows) => chargesOf(asTrades(rows), tariff(20261120)));
        for (const part of CHARGE_PARTS) expect(both?.[part].exact).toBe((a?.[part].exact ?? 0n) + (b?.[part].exact ?? 0n));
      }),
    );
  });

  it('is the sum of its parts as rounded', () => {
    fc.assert(
      fc.property(trades, (rows) => {
        const charges = chargesOf(asTrades(rows), tariff(20261120));
        expect(charges.total.note).toBe(CHARGE_PARTS.reduce((sum, part) => sum + charges[part].note, 0));
        for (const part of CHARGE_PARTS) {
          const rounded = part === 'stt' || part === 'stamp' ? toWholeRupees(charges[part].exact) : toPaise(charges[part].exact);
          expect(charges[part].note).toBe(rounded);
        }
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(chargesOf([], tariff(20261120)).total).toEqual({ exact: 0n, note: 0 });
  });
});

describe('brokerage is the lower of percentage and flat, per executed order', () => {
  const brokerage = (...list: ChargedTrade[]): string => paiseText(chargesOf(list, tariff(20261120)).brokerage.note);
  it.each([
    ['a small order pays the percentage', [order('BUY', 10, 1000)], '3.00'],
    ['a large one the flat amount', [order('BUY', 1000, 1000)], '20.00'],
    ['at the meeting point both are the same', [order('BUY', 200, 333.333333)], '20.00'],
    ['three fills of one order pay once', [1, 2, 3].map(() => order('BUY', 1000, 1000, { orderId: '7' })), '20.00'],
    ['three orders pay three times', ['1', '2', '3'].map((orderId) => order('BUY', 1000, 1000, { orderId })), '60.00'],
    ['trades without an order id are orders by themselves', [1, 2, 3].map(() => order('BUY', 1000, 1000)), '60.00'],
    [
      'the same number on another exchange is another order',
      (['NSE', 'BSE'] as const).map((exchange) => order('BUY', 1000, 1000, { orderId: '7', exchange })),
      '40.00',
    ],
  ])('%s', (_name, list, expected) => expect(brokerage(...list)).toBe(expected));

  it('takes the most precise line of a plan', () => {
    const lines = ['default', 'EQ', 'EQ-CNC', 'BSE-EQ-CNC'].map((name, index) => [name, { flat: exactOfPaise(paise((index + 1) * 100)) }] as const);
    const plan = new ChargeTariff(chargeRatesOn(businessDate(20261120)), new Map(lines));
    const flat = (more: Partial<ChargedTrade>): string => paiseText(chargesOf([order('BUY', 1, 100, more)], plan).brokerage.note);
    expect([flat({ exchange: 'BSE' }), flat({}), flat({ product: 'MIS' }), flat({ segment: 'FUT', product: 'NRML' })]).toEqual([
      '4.00',
      '3.00',
      '2.00',
      '1.00',
    ]);
  });
});

describe('dates', () => {
  it.each([
    [
      'FUT',
      'SELL',
      'stt',
      [
        ['2024-09-30', '12.5'],
        ['2024-10-01', '20'],
        ['2026-03-31', '20'],
        ['2026-04-01', '50'],
      ],
    ],
    [
      'OPT',
      'SELL',
      'stt',
      [
        ['2024-09-30', '62.5'],
        ['2024-10-01', '100'],
        ['2026-03-31', '100'],
        ['2026-04-01', '150'],
      ],
    ],
    [
      'EQ',
      'BUY',
      'exchange',
      [
        ['2024-09-30', '3.22'],
        ['2024-10-01', '2.97'],
        ['2026-02-28', '2.97'],
        ['2026-03-01', '3.0699'],
      ],
    ],
    [
      'OPT',
      'BUY',
      'ipft',
      [
        ['2026-02-28', '0.5'],
        ['2026-03-01', '0.01'],
      ],
    ],
  ] as const)('%s %s: %s changes on the day the circular says', (segment, side, part, days) => {
    for (const [day, expected] of days) {
      const charges = chargesOf([order(side, 100, 1000, { segment, product: 'CNC' })], tariff(Number(day.replaceAll('-', ''))));
      expect(exactText(charges[part].exact), day).toBe(expected);
    }
  });

  it('refuses what it does not know, naming it', () => {
    const note = new ChargeNote(tariff(20261120));
    expect(() => note.add(order('BUY', 1, 1, { exchange: 'MCX' }))).toThrow(new RateUnknown('no exchange charge is known for MCX EQ on 2026-11-20'));
    expect(note.charges().total.note).toBe(0);
    expect(() => chargesOf([order('BUY', 1, 100)], tariff(20200630))).toThrow(RateUnknown);
  });

  it('has rows that neither overlap nor leave a gap', () => {
    expect(RATE_ROWS.length).toBeGreaterThan(60);
    const series = new Map<string, RateRow[]>();
    for (const row of RATE_ROWS) {
      const name = [row.item, row.exchange, row.segment, row.product, row.side].join();
      series.set(name, [...(series.get(name) ?? []), row]);
    }
    const dayAfter = (date: number): number => {
      const next = new Date(Date.UTC(Math.floor(date / 10_000), Math.floor(date / 100 - 1) % 100, (date % 100) + 1));
      return next.getUTCFullYear() * 10_000 + (next.getUTCMonth() + 1) * 100 + next.getUTCDate();
    };
    for (const [name, rows] of [...series, ['gst', GST_ROWS] as const]) {
      for (const [index, row] of rows.entries()) {
        const next = rows[index + 1];
        expect(row.to === null ? undefined : dayAfter(row.to), `${name} from ${row.from}`).toBe(next?.from);
      }
    }
    expect(RATE_ROWS.filter((row) => row.source.length < 8)).toEqual([]);
  });
});

describe('sums', () => {
  it('stays exact beyond 2^53', () => {
    const huge = order('BUY', 1_000_000_000, 999_999.123456);
    const charges = chargesOf([huge, huge, huge], new ChargeTariff(chargeRatesOn(businessDate(20261120)), new Map()));
    const turnover = 3n * 1_000_000_000n * 999_999_123_456n;
    expect(charges.stt.exact).toBe(turnover * 10n ** 9n);
  });

  it('rounds half up, both signs away from zero', () => {
    const of = (text: string): ReturnType<typeof exactRupees> => exactRupees(BigInt(Math.round(Number(text) * 1e6)) * 10n ** 12n);
    expect([toPaise(of('0.005')), toPaise(of('0.004999')), toPaise(of('-0.005')), toWholeRupees(of('0.5')), toWholeRupees(of('0.499999'))]).toEqual([
      1, 0, -1, 100, 0,
    ]);
  });

  it('keys every combination differently', () => {
    const keys = CHARGE_TERMS.map(chargeKey);
    expect(keys).toEqual(keys.map((_, index) => index));
    expect(keys.length).toBe(21 * CHARGE_PRODUCTS.length * CHARGE_SIDES.length);
  });
});
