// STT as the clearing corporation computes it in the cash segment: per client, scrip and settlement, netting buys against sells. What nets is intraday (the
// seller pays on the value of the units sold and bought back); the rest is delivery, valued at the average of all the client's trades in the scrip.
// Our note charges by product instead; the two are compared by tax-reconciliation.ts, and the clearing corporation's figure is the one that is booked.
import { Decimal } from 'decimal.js';
import { assert } from '../assert.ts';
import type { BusinessDate } from '../units.ts';
import { chargeRatesOn, ratesOfKey } from './charge-rates.ts';
import { type ChargeExchange, chargeKey } from './charged-trade.ts';
import { type ExactRupees, exactOfDecimal, exactRupees } from './exact-rupees.ts';

/** A client's day in one scrip: units, and values in micros of a rupee. */
export interface ScripDay {
  readonly buyQuantity: number;
  readonly buyValue: bigint;
  readonly sellQuantity: number;
  readonly sellValue: bigint;
}

/** STT of one scrip day. */
export interface SettlementTax {
  readonly deliveryQuantity: number;
  readonly intradayQuantity: number;
  /** (bought value + sold value) / (bought + sold units), rupees. */
  readonly averagePrice: Decimal;
  readonly delivery: ExactRupees;
  readonly intraday: ExactRupees;
}

const Wide = Decimal.clone({ precision: 60 });
const RATE_SCALE = 1_000_000_000;
const MICROS = 1_000_000;

/** The clearing corporation's STT on one scrip day. Throws RateUnknown for a date or exchange without rates. */
export function settlementTax(day: ScripDay, exchange: ChargeExchange, date: BusinessDate): SettlementTax {
  const { buyQuantity, buyValue, sellQuantity, sellValue } = day;
  assert(Number.isSafeInteger(buyQuantity) && Number.isSafeInteger(sellQuantity), 'quantities must be integers');
  assert(buyQuantity >= 0 && sellQuantity >= 0 && buyQuantity + sellQuantity > 0, 'a scrip day has trades');
  const rates = chargeRatesOn(date);
  const rate = (product: 'CNC' | 'MIS', side: 'BUY' | 'SELL'): Decimal =>
    new Wide(ratesOfKey(rates, chargeKey({ exchange, segment: 'EQ', product, side })).tax.toString()).div(RATE_SCALE);
  const rupees = (micros: bigint): Decimal => new Wide(micros.toString()).div(MICROS);
  const averagePrice = rupees(buyValue + sellValue).div(buyQuantity + sellQuantity);
  const intradayQuantity = Math.min(buyQuantity, sellQuantity);
  const deliveryQuantity = Math.abs(buyQuantity - sellQuantity);
  const delivery = averagePrice.times(deliveryQuantity).times(rate('CNC', buyQuantity > sellQuantity ? 'BUY' : 'SELL'));
  const soldIntraday = sellQuantity === 0 ? new Wide(0) : rupees(sellValue).times(intradayQuantity).div(sellQuantity);
  return {
    deliveryQuantity,
    intradayQuantity,
    averagePrice,
    delivery: exactOfDecimal(delivery),
    intraday: exactOfDecimal(soldIntraday.times(rate('MIS', 'SELL'))),
  };
}

/** Both parts. */
export const totalSettlementTax = (tax: SettlementTax): ExactRupees => exactRupees(tax.delivery + tax.intraday);
