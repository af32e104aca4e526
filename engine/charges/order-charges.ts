// Charges of single orders, as virtual contract notes show them: everything exact but stamp duty, which is in whole rupees per order, and IPFT inside the
// exchange's charge. (Published Kite responses of July 2023 are the vectors.) Amounts are doubles for display, never booked.
import { paise } from '../units.ts';
import { CHARGE_SEGMENTS, type ChargedTrade } from './charged-trade.ts';
import { type ExactRupees, exactOfPaise, exactRupees, exactText } from './exact-rupees.ts';
import { splitGst } from './gst-split.ts';
import { type ChargeTariff, chargesOf } from './note-charges.ts';

/** The charges block, rupees. */
export interface OrderCharges {
  readonly transaction_tax: number;
  readonly transaction_tax_type: 'stt' | 'ctt';
  readonly exchange_turnover_charge: number;
  readonly sebi_turnover_charge: number;
  readonly brokerage: number;
  readonly stamp_duty: number;
  readonly gst: { readonly igst: number; readonly cgst: number; readonly sgst: number; readonly total: number };
  readonly total: number;
}

/** States of the member and the client; '' where not known. */
export interface GstStates {
  readonly member: string;
  readonly client: string;
}

const COMMODITIES: ReadonlySet<string> = new Set(CHARGE_SEGMENTS.filter((segment) => segment.startsWith('COM_')));
const rupees = (amount: ExactRupees): number => Number(exactText(amount));

/** Charges of one executed order. Throws RateUnknown as ChargeNote does. */
export function orderCharges(order: ChargedTrade, tariff: ChargeTariff, states: GstStates): OrderCharges {
  const charges = chargesOf([order], tariff);
  const gst = splitGst(charges.gst, states.member, states.client);
  const exchange = exactRupees(charges.exchange.exact + charges.ipft.exact);
  const stamp = exactOfPaise(paise(charges.stamp.note));
  const total = charges.brokerage.exact + charges.stt.exact + exchange + charges.sebi.exact + stamp + charges.gst.exact;
  return {
    transaction_tax: rupees(charges.stt.exact),
    transaction_tax_type: COMMODITIES.has(order.segment) ? 'ctt' : 'stt',
    exchange_turnover_charge: rupees(exchange),
    sebi_turnover_charge: rupees(charges.sebi.exact),
    brokerage: rupees(charges.brokerage.exact),
    stamp_duty: rupees(stamp),
    gst: { igst: rupees(gst.igst.exact), cgst: rupees(gst.cgst.exact), sgst: rupees(gst.sgst.exact), total: rupees(charges.gst.exact) },
    total: rupees(exactRupees(total)),
  };
}
