// What is asked of a commodity contract beside SPAN and ELM, and whether its spreads count: worked out once per contract, for its row and for what the table
// says of the commodity.
import { commodityAddOns, type ExposurePart, hasLostSpreads, MICROS_PER_PAISA, underlyingKind } from '../../engine/index.ts';
import { commodityRow, type DerivativeParts, futurePrice, rupeesToTicks } from './derivative-parts.ts';
import { tradingDaysBetween } from './trading-days.ts';

/** Of one contract: each rule's part of its exposure, micros a unit; whether spreads with it (a future) have lost their benefit on the business date. */
export interface CommodityMargin {
  readonly parts: readonly ExposurePart[];
  readonly isApart: boolean;
}

/** What a table keeps of a commodity's margins beside SPAN and ELM. */
export interface CommodityDay {
  readonly apart?: readonly number[];
  readonly inExposure?: readonly ExposurePart[];
}

const NONE: CommodityMargin = { parts: [], isApart: false };

/** What rules and daily margin file say of the contract; nothing of other markets. */
export function commodityMargin(derivative: DerivativeParts): CommodityMargin {
  const { listing, contract, commodity, businessDate } = derivative;
  const { kind, expiry, symbol } = listing;
  if (kind === 'EQ' || underlyingKind(symbol, listing.segment) !== 'commodity') return NONE;
  const rates = commodityRow(derivative) ?? {};
  const daysToExpiry = tradingDaysBetween(businessDate, expiry);
  const isFuture = kind === 'FUT';
  const isApart = isFuture && hasLostSpreads({ symbol, daysToExpiry }, rates, businessDate);
  // The rules' rates are Indian ones; a file in another currency brings its own margin only.
  if (commodity.rules.currency !== 'INR') return { parts: [], isApart };
  const losses = contract?.contract.riskArray ?? [];
  const subject = {
    symbol,
    isFuture,
    price: (isFuture ? futurePrice(derivative) : rupeesToTicks(commodity.rules.spot)) * (contract?.contract.valueFactor ?? 1),
    scanLong: Math.max(0, ...losses) * MICROS_PER_PAISA,
    scanShort: Math.max(0, ...losses.map((loss) => -loss)) * MICROS_PER_PAISA,
    daysToExpiry,
  };
  return { parts: commodityAddOns(subject, rates, businessDate).map((each) => ({ expiry, isFuture, ...each })), isApart };
}

/** Notes a contract's margin for its commodity: parts once per expiry and kind, a future without spreads once. */
export function noteCommodity({ listing, commodity }: DerivativeParts, { parts, isApart }: CommodityMargin, days: Map<string, CommodityDay>): void {
  const { expiry, kind } = listing;
  const { apart = [], inExposure = [] } = days.get(commodity.name) ?? {};
  const more = inExposure.some((part) => part.expiry === expiry && part.isFuture === (kind === 'FUT')) ? [] : parts;
  const isNew = isApart && !apart.includes(expiry);
  if (more.length === 0 && !isNew) return;
  const all = [...inExposure, ...more];
  days.set(commodity.name, {
    ...(all.length === 0 ? {} : { inExposure: all }),
    ...(apart.length === 0 && !isNew ? {} : { apart: isNew ? [...apart, expiry] : apart }),
  });
}
