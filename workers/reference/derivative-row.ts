// Lays one listed derivative and its SPAN contract out as a row of the parameter table: units, exposure margin, bands, freeze quantity.
import {
  deltaExpiryOf,
  type ExposurePart,
  type ExposureSubject,
  expiryDayRate,
  exposureRate,
  InstrumentFlag,
  type InstrumentRow,
  isDeepOutOfTheMoney,
  longDatedRate,
  shortExposureRate,
  underlyingKind,
} from '../../engine/index.ts';
import { isInTier } from './commodity-index.ts';
import { commodityRow, type DerivativeParts, futurePrice, rupeesToTicks } from './derivative-parts.ts';
import { derivativeTickByRule, freezeQuantityByRule, futureBand, optionBand } from './exchange-rules.ts';
import { contractKey } from './exposure-file.ts';
import { instrumentKind } from './listing.ts';

/** Rupees to paise, exact for two decimals, else to a ten-thousandth of a paisa. */
function rupeesToPaise(rupees: number): number {
  return Math.round(rupees * 1_000_000) / 10_000;
}

/** The row. `beside`: what is asked of a commodity contract beside ELM. */
export function derivativeRow(parts: DerivativeParts, beside: readonly ExposurePart[]): InstrumentRow {
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
    ...exposureOf(parts, spot || underlyingPrice, beside),
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
function exposureOf(parts: DerivativeParts, spot: number, beside: readonly ExposurePart[]): { elmLong: number; elmShort: number } {
  const { listing, commodity, contract, rates, businessDate } = parts;
  const { kind, strike, expiry, isIndex } = listing;
  const factor = contract?.contract.valueFactor ?? 1;
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
  const [moreLong, moreShort] = [sumOf(beside, 'long'), sumOf(beside, 'short')];
  if (kind !== 'FUT') return { elmLong: moreLong, elmShort: micros(spot, short + expiryDayRate(subject, businessDate)) + moreShort };
  const price = futurePrice(parts);
  const long = ofFile ?? daily?.elmLong ?? exposureRate(subject, businessDate);
  return { elmLong: micros(price, long) + moreLong, elmShort: micros(price, short) + moreShort };
}

const sumOf = (parts: readonly ExposurePart[], side: 'long' | 'short'): number => parts.reduce((sum, part) => sum + part[side], 0);

const MARKETS = { index: 'equity', stock: 'equity', currency: 'currency', commodity: 'commodity' } as const;

/** Rate of the symbol file; undefined when it does not name the symbol. */
function symbolRate({ listing, rates, businessDate }: DerivativeParts, subject: ExposureSubject): number | undefined {
  const ofSymbol = rates.symbols.get(listing.symbol);
  const rate = (isDeepOutOfTheMoney(subject, businessDate) ? ofSymbol?.otm : undefined) ?? ofSymbol?.oth;
  return rate === undefined ? undefined : Math.max(rate, longDatedRate(subject, businessDate));
}
