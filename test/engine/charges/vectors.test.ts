// Every published vector of charges, penalties and netted STT.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BrokeragePlan } from '../../../engine/charges/brokerage-plan.ts';
import { chargeRatesOn } from '../../../engine/charges/charge-rates.ts';
import { exactOfPaise, exactText, paiseText } from '../../../engine/charges/exact-rupees.ts';
import { shortMarginPenalty } from '../../../engine/charges/margin-penalty.ts';
import { ChargeTariff, chargesOf, type NoteCharges } from '../../../engine/charges/note-charges.ts';
import { orderCharges } from '../../../engine/charges/order-charges.ts';
import { settlementTax } from '../../../engine/charges/settlement-tax.ts';
import { businessDate, paise } from '../../../engine/units.ts';
import { CHARGE_EXAMPLES, type ChargeExample } from './charge-examples.ts';

const COLLECTION = new URL('../../../../shared/reference/charges-vectors.json', import.meta.url);
const MICROS = 1_000_000;

function planOf({ flat, fraction }: ChargeExample): BrokeragePlan {
  return new Map([['default', { fraction, flat: flat === undefined ? undefined : exactOfPaise(paise(flat * 100)) }]]);
}

function chargesOfExample(example: ChargeExample): NoteCharges {
  const trades = example.trades.map(([exchange, segment, product, side, quantity, price]) => ({
    exchange,
    segment,
    product,
    side,
    quantity,
    price: Math.round(price * MICROS),
  }));
  return chargesOf(trades, new ChargeTariff(chargeRatesOn(businessDate(example.date)), planOf(example)));
}

describe('published notes', () => {
  it.each(CHARGE_EXAMPLES.map((example) => [example.id, example] as const))('%s', (_id, example) => {
    const charges = chargesOfExample(example) as Readonly<Record<string, NoteCharges['total']>>;
    for (const [part, text] of Object.entries(example.note ?? {}))
      expect(paiseText((charges[part] as NoteCharges['total']).note), `${part} on the note`).toBe(text);
    for (const [part, text] of Object.entries(example.exact ?? {}))
      expect(exactText((charges[part] as NoteCharges['total']).exact), `${part} exactly`).toBe(text);
  });

  it('rounds the total of mcx-crude-opt-buy to 28.84 when nothing else is rounded to rupees', () => {
    const { total } = chargesOfExample(CHARGE_EXAMPLES[2] as ChargeExample);
    expect(Number(exactText(total.exact)).toFixed(2)).toBe('28.84');
  });
});

describe('virtual contract notes', () => {
  const tariff = (fraction: bigint): ChargeTariff => new ChargeTariff(chargeRatesOn(businessDate(20230713)), new Map([['default', { fraction }]]));
  const elsewhere = { member: 'KA', client: 'MH' };

  it('kite-2023-07-cnc-buy: the whole block', () => {
    const order = { exchange: 'NSE', segment: 'EQ', product: 'CNC', side: 'BUY', quantity: 1, price: 560 * MICROS } as const;
    expect(orderCharges(order, tariff(0n), elsewhere)).toEqual({
      transaction_tax: 0.56,
      transaction_tax_type: 'stt',
      exchange_turnover_charge: 0.01876,
      sebi_turnover_charge: 0.00056,
      brokerage: 0,
      stamp_duty: 0,
      gst: { igst: 0.0033768, cgst: 0, sgst: 0, total: 0.0033768 },
      total: 0.5826968,
    });
  });

  it('a commodity future pays CTT and a percentage', () => {
    const order = { exchange: 'MCX', segment: 'COM_FUT', product: 'NRML', side: 'SELL', quantity: 1, price: 5862 * MICROS } as const;
    const block = orderCharges(order, tariff(300_000n), { member: 'KA', client: 'KA' });
    expect(block).toMatchObject({
      transaction_tax: 0.5862,
      transaction_tax_type: 'ctt',
      exchange_turnover_charge: 0.152412,
      sebi_turnover_charge: 0.005862,
      brokerage: 1.7586,
    });
    expect(block.gst.cgst).toBe(block.gst.sgst);
    expect(block.gst.igst).toBe(0);
  });
});

it('stt-delivery-avg-price: the clearing corporation nets the scrip day', () => {
  const day = { buyQuantity: 100, buyValue: 10_000n * 1_000_000n, sellQuantity: 40, sellValue: 4_400n * 1_000_000n };
  const tax = settlementTax(day, 'NSE', businessDate(20260901));
  expect(tax.averagePrice.toFixed(4)).toBe('102.8571');
  expect([tax.deliveryQuantity, tax.intradayQuantity]).toEqual([60, 40]);
  expect(Number(exactText(tax.delivery)).toFixed(4)).toBe('6.1714');
  expect(exactText(tax.intraday)).toBe('1.1');
});

describe('margin penalties', () => {
  it.each([
    ['pen-1', 50_000, 1_000_000, 0.005, '250.00'],
    ['pen-2', 99_999, 900_000, 0.01, '999.99'],
    ['pen-3', 100_000, 5_000_000, 0.01, '1000.00'],
  ])('%s', (_id, shortfall, margin, rate, penalty) => {
    const answer = shortMarginPenalty({
      exchange: 'NSE',
      shortfall: paise(shortfall * 100),
      applicableMargin: paise(margin * 100),
      consecutiveDay: 1,
      instancesInMonth: 1,
    });
    expect(answer.rate).toBe(rate);
    expect(paiseText(answer.amount)).toBe(penalty);
  });
});

it.skipIf(!existsSync(COLLECTION))('leaves no vector of the collection in ../shared out (skipped where it is absent)', () => {
  const collection = JSON.parse(readFileSync(COLLECTION, 'utf8')) as { charges: { id: string }[]; margin_penalty: { id: string }[] };
  const here = new Set([...CHARGE_EXAMPLES.map((example) => example.id), 'stt-delivery-avg-price', 'pen-1', 'pen-2', 'pen-3']);
  const ids = [...collection.charges, ...collection.margin_penalty].map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(8);
  expect(ids.filter((id) => !here.has(id))).toEqual([]);
});
