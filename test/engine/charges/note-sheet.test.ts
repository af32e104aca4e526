// The sheet of doubles against the note without bounds: wherever the sheet answers, it answers the same to the paisa; where sums are too large or
// amounts too fine it says so. Published vectors once more, through the sheet.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeRatesOn } from '../../../engine/charges/charge-rates.ts';
import { CHARGE_TERMS, type ChargedTrade, chargeKey } from '../../../engine/charges/charged-trade.ts';
import { exactOfPaise, exactRupees, paiseText } from '../../../engine/charges/exact-rupees.ts';
import { CHARGE_PARTS, ChargeTariff, chargesOf } from '../../../engine/charges/note-charges.ts';
import { NoteSheet } from '../../../engine/charges/note-sheet.ts';
import { businessDate, paise } from '../../../engine/units.ts';
import { CHARGE_EXAMPLES } from './charge-examples.ts';

const MICROS_PER_TICK = 100;
const TICKS = 10_000;
const RATES = chargeRatesOn(businessDate(20261120));

/** Charges by the sheet; undefined when it cannot tell. */
function bySheet(sheet: NoteSheet, trades: readonly ChargedTrade[]): number[] | undefined {
  const orders = new Map<string, number>();
  const into = new Float64Array(CHARGE_PARTS.length);
  sheet.clear();
  for (const trade of trades) {
    const key = chargeKey(trade);
    const name = `${key} ${trade.orderId}`;
    let order = sheet.countsOrders(key) ? -2 : -1;
    if (order === -2) order = (trade.orderId === undefined ? undefined : orders.get(name)) ?? sheet.openOrder(key);
    if (trade.orderId !== undefined) orders.set(name, order);
    sheet.add(key, (trade.price / MICROS_PER_TICK) * trade.quantity, order);
  }
  return sheet.charges(into) ? [...into] : undefined;
}

const byNote = (tariff: ChargeTariff, trades: readonly ChargedTrade[]): number[] => {
  const charges = chargesOf(trades, tariff);
  return CHARGE_PARTS.map((part) => charges[part].note);
};

const KNOWN = CHARGE_TERMS.filter((terms) => typeof RATES.byKey[chargeKey(terms)] !== 'string');
const tradeIn = (among: typeof KNOWN): fc.Arbitrary<ChargedTrade> =>
  fc
    .record({
      terms: fc.constantFrom(...among),
      quantity: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 5_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 10_000_000 }) },
      ),
      // Prices in ticks of 1/10,000 rupee, often such that a charge ends on half a paisa or half a rupee.
      ticks: fc.oneof(
        fc.integer({ min: 1, max: 50_000_000 }),
        fc.integer({ min: 1, max: 5_000 }).map((rupees) => rupees * TICKS),
        fc.constant(500 * TICKS),
      ),
      order: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    })
    .map(({ terms, quantity, ticks, order }): ChargedTrade => ({ ...terms, quantity, price: ticks * MICROS_PER_TICK, orderId: order?.toString() }));
/** Mostly of one market, sometimes of all. */
const note = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...KNOWN)
      .chain(({ exchange, segment }) =>
        fc.array(tradeIn(KNOWN.filter((other) => other.exchange === exchange && other.segment === segment)), { maxLength: 8 }),
      ),
  },
  { weight: 1, arbitrary: fc.array(tradeIn(KNOWN), { maxLength: 4 }) },
);
const terms = fc.record({
  fraction: fc.option(
    fc.oneof(
      fc.integer({ min: 0, max: 500 }).map((part) => BigInt(part) * 10_000n),
      fc.bigInt({ min: 0n, max: 5_000_000n }),
    ),
    { nil: undefined },
  ),
  flat: fc.option(
    fc.oneof(
      fc.integer({ min: 0, max: 10_000 }).map((amount) => exactOfPaise(paise(amount))),
      fc.constant(exactRupees(100_000n)),
    ),
    { nil: undefined },
  ),
});
const plan = fc.record({ general: terms, delivery: terms }).map(
  ({ general, delivery }) =>
    new Map([
      ['default', general],
      ['EQ-CNC', delivery],
    ]),
);

describe('the sheet', () => {
  it('says what the note says, for every plan and every mixture of trades', () => {
    let asked = 0;
    let answered = 0;
    fc.assert(
      fc.property(plan, fc.array(note, { minLength: 1, maxLength: 4 }), (lines, notes) => {
        const tariff = new ChargeTariff(RATES, lines);
        const sheet = new NoteSheet(tariff);
        for (const trades of notes) {
          asked += 1;
          const quick = bySheet(sheet, trades);
          if (quick === undefined) continue;
          answered += 1;
          expect(quick).toEqual(byNote(tariff, trades));
        }
      }),
      { numRuns: 300 },
    );
    expect(answered / asked, 'notes that fit the sheet').toBeGreaterThan(0.15);
  });

  it.each(CHARGE_EXAMPLES.map((example) => [example.id, example] as const))(
    'gives the published note of %s',
    (_id, { date, trades, flat, fraction, note }) => {
      const tariff = new ChargeTariff(
        chargeRatesOn(businessDate(date)),
        new Map([['default', { fraction, flat: flat === undefined ? undefined : exactOfPaise(paise(flat * 100)) }]]),
      );
      const list = trades.map(([exchange, segment, product, side, quantity, price]) => ({
        exchange,
        segment,
        product,
        side,
        quantity,
        price: Math.round(price * TICKS) * MICROS_PER_TICK,
      }));
      const quick = bySheet(new NoteSheet(tariff), list);
      expect(quick).toEqual(byNote(tariff, list));
      for (const [part, text] of Object.entries(note ?? {})) {
        const place = (CHARGE_PARTS as readonly string[]).indexOf(part);
        if (place >= 0) expect(paiseText(paise(quick?.[place] ?? 0)), part).toBe(text);
      }
    },
  );

  it('says so when a sum is too large, or a flat amount too fine', () => {
    const cash = { exchange: 'NSE', segment: 'EQ', product: 'CNC', side: 'BUY' } as const;
    const sheet = new NoteSheet(new ChargeTariff(RATES, new Map([['default', { fraction: 300_000n }]])));
    expect(bySheet(sheet, [{ ...cash, quantity: 5e9, price: 1e12 }])).toBeUndefined();
    expect(bySheet(sheet, [{ ...cash, quantity: 100, price: 1e9 }]), 'the next note is whole again').toBeDefined();
    const fine = new NoteSheet(new ChargeTariff(RATES, new Map([['default', { flat: exactRupees(1n) }]])));
    expect(bySheet(fine, [{ ...cash, quantity: 1, price: 1e9 }])).toBeUndefined();
  });
});
