// Margins in the shape of Kite Connect 3. Amounts in rupees; the parts of a block always add up to its total. Where Kite's own figures are an estimate,
// these are the live decision's: `initial` is what the working orders hold, worst fill included.
import { type BasketLeg, ChargeTariff, chargeRatesOn, type MarginParts, type OrderCharges, orderCharges, RateUnknown } from '../../engine/index.ts';
import type { WeighedBasket } from '../risk/basket-desk.ts';
import type { MarginAnswer } from '../risk/client-answer.ts';
import { asTrade, type ChargesBasis, segmentOf } from './charges-route.ts';
import type { KiteOrder } from './kite-order.ts';

/** One margin block. */
export interface KiteMargin {
  readonly type: string;
  readonly tradingsymbol: string;
  readonly exchange: string;
  readonly span: number;
  readonly exposure: number;
  readonly option_premium: number;
  readonly additional: number;
  readonly bo: number;
  readonly cash: number;
  readonly var: number;
  readonly pnl: { readonly realised: number; readonly unrealised: number };
  readonly leverage: number;
  readonly charges: OrderCharges;
  readonly total: number;
}

const PAISE = 100;
const NO_CHARGES: OrderCharges = {
  transaction_tax: 0,
  transaction_tax_type: 'stt',
  exchange_turnover_charge: 0,
  sebi_turnover_charge: 0,
  brokerage: 0,
  stamp_duty: 0,
  gst: { igst: 0, cgst: 0, sgst: 0, total: 0 },
  total: 0,
};
const rupees = (paise: number): number => paise / PAISE;
/** Sums of rupees to the hundredth of a paisa: charges have more digits than money. */
const tidy = (amount: number): number => Math.round(amount * 1e6) / 1e6;

/** A sum of charges. Parts of orders whose rates are not known are missing from it, as from their own blocks. */
export function sumOfCharges(all: readonly OrderCharges[]): OrderCharges {
  const sum = (of: (charges: OrderCharges) => number): number => tidy(all.reduce((total, each) => total + of(each), 0));
  return {
    transaction_tax: sum((each) => each.transaction_tax),
    transaction_tax_type: all.every(({ transaction_tax_type }) => transaction_tax_type === 'ctt') && all.length > 0 ? 'ctt' : 'stt',
    exchange_turnover_charge: sum((each) => each.exchange_turnover_charge),
    sebi_turnover_charge: sum((each) => each.sebi_turnover_charge),
    brokerage: sum((each) => each.brokerage),
    stamp_duty: sum((each) => each.stamp_duty),
    gst: { igst: sum(({ gst }) => gst.igst), cgst: sum(({ gst }) => gst.cgst), sgst: sum(({ gst }) => gst.sgst), total: sum(({ gst }) => gst.total) },
    total: sum((each) => each.total),
  };
}

/** Charges of an order were it filled at its price; zero without a price, or where no rate of the day is known. */
export function chargesOfOrder(order: KiteOrder, tariff: ChargeTariff, basis: ChargesBasis): OrderCharges {
  const price = order.price > 0 ? order.price : order.trigger_price;
  const segment = segmentOf(order);
  if (price <= 0 || segment === undefined) return NO_CHARGES;
  try {
    return orderCharges(asTrade({ ...order, average_price: price }, segment), tariff, basis.states);
  } catch (error) {
    if (error instanceof RateUnknown) return NO_CHARGES;
    throw error;
  }
}

interface Split {
  readonly total: number;
  readonly premium: number;
  readonly filled: MarginParts;
}

/** A live total laid out: premium, exposure and cash margin as far as they are in it, SPAN what is left of its own, the rest additional. */
function laidOut({ total, premium, filled }: Split): Pick<KiteMargin, 'span' | 'exposure' | 'option_premium' | 'additional' | 'var' | 'total'> {
  let left = total;
  const take = (part: number): number => {
    const taken = Math.min(left, Math.max(0, part));
    left -= taken;
    return taken;
  };
  const option_premium = take(premium);
  const exposure = take(filled.exposure);
  const cash = take(filled.cash);
  const span = take(filled.span);
  return {
    span: rupees(span),
    exposure: rupees(exposure),
    option_premium: rupees(option_premium),
    additional: rupees(left),
    var: rupees(cash),
    total: rupees(total),
  };
}

const FRAME = { bo: 0, cash: 0, pnl: { realised: 0, unrealised: 0 } };

/** The block of one order for a client with nothing else. */
export function orderMargin(order: KiteOrder, leg: BasketLeg, charges: OrderCharges): KiteMargin {
  const isCommodity = order.exchange === 'MCX';
  const split = laidOut({ total: leg.own.requirement, premium: Math.max(0, leg.premium), filled: leg.ownFilled });
  const value = order.price * order.quantity;
  const leverage = order.exchange === 'NSE' || order.exchange === 'BSE' ? leverageOf(value, split.total) : 1;
  return {
    type: isCommodity ? 'commodity' : 'equity',
    tradingsymbol: order.tradingsymbol,
    exchange: order.exchange,
    ...split,
    ...FRAME,
    leverage,
    charges,
  };
}

const leverageOf = (value: number, margin: number): number => (value > 0 && margin > 0 ? Math.max(1, Math.round(value / margin)) : 1);

/** Rates of the day. */
export const tariffOf = (basis: ChargesBasis): ChargeTariff => new ChargeTariff(chargeRatesOn(basis.date()), basis.plan);

/** The basket's answer: what all orders hold when placed, and need once filled, beyond what the client needs already. */
export function basketMargin(orders: readonly KiteOrder[], basket: WeighedBasket, blocks: readonly KiteMargin[]): object {
  const { before, initial, final } = basket;
  const charges = sumOfCharges(blocks.map((block) => block.charges));
  const type = orders.every(({ exchange }) => exchange === 'MCX') ? 'commodity' : 'equity';
  const premium = basket.legs.reduce((sum, leg) => sum + Math.max(0, leg.premium), 0);
  const filled: MarginParts = {
    requirement: 0,
    span: basket.legs.reduce((sum, leg) => sum + leg.ownFilled.span, 0),
    exposure: basket.legs.reduce((sum, leg) => sum + leg.ownFilled.exposure, 0),
    cash: basket.legs.reduce((sum, leg) => sum + leg.ownFilled.cash, 0),
  };
  const frame = { type, tradingsymbol: '', exchange: '', ...FRAME, leverage: 0, charges: NO_CHARGES };
  const first = { ...frame, ...laidOut({ total: initial.requirement - before.requirement, premium, filled }) };
  const more = (of: (parts: MarginParts) => number): number => of(final) - of(before);
  const paid = basket.premium;
  const total = more((each) => each.requirement) + paid;
  const split = { span: more((each) => each.span), exposure: more((each) => each.exposure), cash: more((each) => each.cash) };
  const last = {
    ...frame,
    span: rupees(split.span),
    exposure: rupees(split.exposure),
    var: rupees(split.cash),
    option_premium: rupees(paid),
    additional: rupees(total - paid - split.span - split.exposure - split.cash),
    total: rupees(total),
  };
  return { initial: first, final: last, orders: blocks, charges };
}

/** One segment of GET /user/margins. All funds are one pool, held by `equity`; `net` of both is what may still be used. */
export function userMargins(
  margin: MarginAnswer,
  isCommodity: (underlying: number) => boolean,
): { readonly equity: object; readonly commodity: object } {
  const own = (commodity: boolean): MarginAnswer['underlyings'] =>
    margin.underlyings.filter((line) => (line.underlying >= 0 && isCommodity(line.underlying)) === commodity);
  const funds = {
    adhoc_margin: rupees(margin.adhoc_paise),
    cash: rupees(margin.cash_paise),
    opening_balance: rupees(margin.cash_paise),
    live_balance: rupees(margin.available_paise),
    collateral: rupees(margin.collateral_paise),
    intraday_payin: 0,
  };
  const none = { adhoc_margin: 0, cash: 0, opening_balance: 0, live_balance: 0, collateral: 0, intraday_payin: 0 };
  // What dated rules add is exposure here, for want of a field; a relief of more than the exposure is off the span.
  const exposureOf = (line: (typeof margin.underlyings)[number]): number => Math.max(0, line.exposure_paise + line.added_paise);
  const segment = (commodity: boolean): object => {
    const lines = own(commodity);
    const sum = (of: (line: (typeof lines)[number]) => number): number => rupees(lines.reduce((total, line) => total + of(line), 0));
    const pooled = (paise: number): number => (commodity ? 0 : rupees(paise));
    const ours = margin.segments.includes('MCX');
    const house = commodity ? 0 : rupees(margin.house_paise);
    return {
      enabled: commodity ? ours : margin.segments.some((name) => name !== 'MCX'),
      net: rupees(margin.excess_paise),
      available: commodity ? none : funds,
      utilised: {
        debits: tidy(sum((line) => line.requirement_paise) + house + pooled(margin.premium_paise)),
        exposure: sum(exposureOf),
        m2m_realised: pooled(margin.realised_paise),
        m2m_unrealised: pooled(margin.unrealised_paise),
        option_premium: pooled(margin.premium_paise),
        payout: 0,
        span: sum((line) => line.position_paise - exposureOf(line) - line.cash_paise),
        holding_sales: 0,
        turnover: pooled(margin.turnover_paise),
        liquid_collateral: 0,
        stock_collateral: 0,
        delivery: sum((line) => line.cash_paise),
      },
    };
  };
  return { equity: segment(false), commodity: segment(true) };
}
