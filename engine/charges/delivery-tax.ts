// STT and stamp duty of shares that an expired stock derivative delivers: those of a delivery trade at the price the contract settles at, future or
// option alike, in place of the tax on exercise. Buyer and seller both pay STT, the buyer the duty (exchanges' word to members of July 2018, on the
// Bombay High Court's direction). Delivery is netted with the cash segment to be settled, never to be taxed (SEBI/HO/MRD2_DCAP/P/CIR/2022/165, from
// the expiry of March 2023).
import { assert } from '../assert.ts';
import { type ChargeRates, ratesOfKey } from './charge-rates.ts';
import { chargeKey } from './charged-trade.ts';
import { type ExactRupees, exactRupees } from './exact-rupees.ts';

/** Shares one contract delivers; price in micros of a rupee (final settlement price of a future, strike of an option). */
export interface PhysicalDelivery {
  readonly side: 'BUY' | 'SELL';
  readonly price: number;
  readonly quantity: number;
}

/** Both taxes, unrounded. */
export interface DeliveryTaxes {
  readonly stt: ExactRupees;
  readonly stamp: ExactRupees;
}

/** Micros times a rate of 1e-9 in units of 1e-18 rupee. */
const SCALE = 1_000n;

/** Taxes of one delivery at the rates of its date. Throws RateUnknown when they have none for it. */
export function deliveryTaxes({ side, price, quantity }: PhysicalDelivery, rates: ChargeRates): DeliveryTaxes {
  assert(Number.isSafeInteger(price) && price >= 0, 'a price must be an integer of micros');
  assert(Number.isSafeInteger(quantity) && quantity > 0, 'quantity must be a positive integer');
  const { tax, stamp } = ratesOfKey(rates, chargeKey({ exchange: 'NSE', segment: 'EQ', product: 'CNC', side }));
  const value = BigInt(price) * BigInt(quantity) * SCALE;
  return { stt: exactRupees(value * tax), stamp: exactRupees(value * stamp) };
}
