// Lays one listed derivative and its SPAN contract out as a row of the parameter table: units, exposure margin, bands, freeze quantity.
import {
  commodityAddOns,
  deltaExpiryOf,
  type ExposurePart,
  type ExposureSubject,
  expiryDayRate,
  exposureRate,
  hasLostSpreads,
  InstrumentFlag,
  type InstrumentRow,
  isDeepOutOfTheMoney,
  longDatedRate,
  MICROS_PER_PAISA,
  shortExposureRate,
  underlyingKind,
} from '../../engine/index.ts';
import { type IndexedCommodity, type IndexedContract, isInTier } from './commodity-index.ts';
import { type CommodityMarginRow, type CommodityMargins, commodityMarginKey } from './commodity-margin-file.ts';
import { derivativeTickByRule, freezeQuantityByRule, futureBand, optionBand } from './exchange-rules.ts';
import { contractKey, type ExposureRates } from './exposure-file.ts';
import { instrumentKind, type Listing } from './listing.ts';
import { tradingDaysBetween } from './trading-days.ts';

/** What a row is made of. `contract` is undefined when the SPAN file does not have it: the row then fails closed. */
export interface DerivativeParts {
  readonly listing: Listing;
  readonly commodity: IndexedCommodity;
  readonly contract: IndexedContract | undefined;
  readonly rates: ExposureRates;
  /** Of the commodity clearing corporation's daily margin file. */
  readonly commodityMargins: CommodityMargins;
  /** Symbols in ban period. */
  readonly banned: ReadonlySet<string>;
  readonly businessDate: number;
}

/** Rupees to ticks. */
export function rupeesToTicks(rupees: number): number {
  return Math.round(rupees * 10_000);
}

/** Rupees to paise, exact for two decimals, else to a ten-thousandth of a paisa. */
function rupeesToPaise(rupees: number): number {
  return Math.round(rupees * 1_000_000) / 10_000;
}

/** The row. */
export function derivativeRow(parts: DerivativeParts): InstrumentRow {
  const { listing, commodity, contract } = parts;
  const spot = rupeesToTicks(commodity.rules.spot);
  const filePrice = contract?.contract.price ?? 0;
  const factor = contract?.contract.valueFactor ?? 1;
  const delta = contract === undefined ? 0 : contract.contract.delta * contract.contract.scaling * contract.linkScaling;
  const base = listing.previousClose || rupeesToTicks(filePrice);
  const underlyingPrice = listing.underlyingClose || spot;
  const tick = listing.tickSize || derivativeTickByRule(listing.segment);
  const band = listing.kind === 'FUT' ? futureBand(base, tick) : optionBand(base, underlyingPrice, delta, tick);
  return {
    segment: listing.segment,
    token: listing.token,
    kind: instrumentKind(listing.kind),
    name: listing.name,
    underlying: commodity.name,
    expiry: listing.expiry,
    strike: listing.strike,
    lot: listing.lot || 1,
    tickSize: tick,
    freezeQuantity: listing.freezeQuantity || freezeQuantityByRule(listing.isIndex, underlyingPrice, listing.lot || 1),
    bandLow: listing.bandLow || band.low,
    bandHigh: listing.bandHigh || band.high,
    previousClose: base,
    price: contract?.isFuturesStyle ? 0 : rupeesToPaise(filePrice * factor),
    delta: Math.round(delta * 1e10) / 1e6,
    ...exposureOf(parts, spot || underlyingPrice, factor),
    cashRate: 0,
    scanTier: Math.max(
      0,
      commodity.rules.scanTiers.findIndex((tier) => isInTier(tier, deltaExpiryOf(commodity.rules, instrumentKind(listing.kind), listing.expiry))),
    ),
    flags: (contract === undefined || spot === 0 ? InstrumentFlag.NO_RISK_ARRAY : 0) | (parts.banned.has(listing.symbol) ? InstrumentFlag.BANNED : 0),
    riskArray: contract?.contract.riskArray ?? [],
  };
}

/** ELM per unit, micros. Precedence: contract file, symbol file, rule; the expiry-day add-on comes on top of each. */
function exposureOf(parts: DerivativeParts, spot: number, factor: number): { elmLong: number; elmShort: number } {
  const { listing, commodity, rates, businessDate } = parts;
  const { kind, strike, expiry, isIndex } = listing;
  // The rules are Indian ones; a file in another currency brings its own margin only.
  if (kind === 'EQ' || commodity.rules.currency !== 'INR') return { elmLong: 0, elmShort: 0 };
  const market = MARKETS[underlyingKind(listing.symbol, listing.segment)];
  const subject: ExposureSubject = {
    isIndex,
    kind,
    strike,
    expiry,
    underlyingPrice: listing.underlyingClose || spot,
    market,
    symbol: listing.symbol,
  };
  const ofFile = rates.contracts.get(contractKey(listing.symbol, expiry, kind, strike)) ?? symbolRate(parts, subject);
  const micros = (price: number, bps: number): number => Math.round((price * factor * bps) / 100);
  const daily = commodityRow(parts);
  const short = ofFile ?? daily?.elmShort ?? shortExposureRate(subject, businessDate);
  const beside = commodityParts(parts);
  const [moreLong, moreShort] = [sumOf(beside, 'long'), sumOf(beside, 'short')];
  if (kind !== 'FUT') return { elmLong: moreLong, elmShort: micros(spot, short + expiryDayRate(subject, businessDate)) + moreShort };
  const price = futurePrice(parts);
  const long = ofFile ?? daily?.elmLong ?? exposureRate(subject, businessDate);
  return { elmLong: micros(price, long) + moreLong, elmShort: micros(price, short) + moreShort };
}

const sumOf = (parts: readonly ExposurePart[], side: 'long' | 'short'): number => parts.reduce((sum, part) => sum + part[side], 0);

function futurePrice({ contract, listing }: DerivativeParts): number {
  return contract === undefined ? listing.previousClose : rupeesToTicks(contract.contract.price);
}

/** Row of the daily margin file for a commodity contract; its symbol is the product's. */
function commodityRow({ listing, commodityMargins }: DerivativeParts): CommodityMarginRow | undefined {
  return listing.kind === 'EQ' ? undefined : commodityMargins.get(commodityMarginKey(listing.symbol, listing.expiry, listing.kind));
}

/** What rules and daily margin file ask of a commodity contract beside ELM, micros a unit; nothing of other markets. */
export function commodityParts(parts: DerivativeParts): ExposurePart[] {
  const { listing, contract, commodity, businessDate } = parts;
  const { kind, expiry, symbol } = listing;
  if (kind === 'EQ' || commodity.rules.currency !== 'INR' || underlyingKind(symbol, listing.segment) !== 'commodity') return [];
  const factor = contract?.contract.valueFactor ?? 1;
  const losses = contract?.contract.riskArray ?? [];
  const isFuture = kind === 'FUT';
  const subject = {
    symbol,
    isFuture,
    price: (isFuture ? futurePrice(parts) : rupeesToTicks(commodity.rules.spot)) * factor,
    scanLong: Math.max(0, ...losses) * MICROS_PER_PAISA,
    scanShort: Math.max(0, ...losses.map((loss) => -loss)) * MICROS_PER_PAISA,
    daysToExpiry: tradingDaysBetween(businessDate, expiry),
  };
  return commodityAddOns(subject, commodityRow(parts) ?? {}, businessDate).map((each) => ({ expiry, isFuture, ...each }));
}

/** Whether spreads with this future have lost their benefit on the business date. */
export function isFutureApart(parts: DerivativeParts): boolean {
  const { listing, businessDate } = parts;
  if (listing.kind !== 'FUT' || underlyingKind(listing.symbol, listing.segment) !== 'commodity') return false;
  const subject = { symbol: listing.symbol, daysToExpiry: tradingDaysBetween(businessDate, listing.expiry) };
  return hasLostSpreads(subject, commodityRow(parts) ?? {}, businessDate);
}

const MARKETS = { index: 'equity', stock: 'equity', currency: 'currency', commodity: 'commodity' } as const;

/** Rate of the symbol file; undefined when it does not name the symbol. */
function symbolRate({ listing, rates, businessDate }: DerivativeParts, subject: ExposureSubject): number | undefined {
  const ofSymbol = rates.symbols.get(listing.symbol);
  const rate = (isDeepOutOfTheMoney(subject, businessDate) ? ofSymbol?.otm : undefined) ?? ofSymbol?.oth;
  return rate === undefined ? undefined : Math.max(rate, longDatedRate(subject, businessDate));
}
