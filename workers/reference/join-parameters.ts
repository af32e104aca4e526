// Joins SPAN contracts, listings and rates into one ParameterTable. Listings decide what exists; a listing whose symbol no SPAN file
// knows is an error, one whose contract is missing stays but fails closed; expired listings are left out.
import { basename } from 'node:path';
import {
  buildParameterTable,
  InstrumentKind,
  type InstrumentRow,
  type ParameterTable,
  type TableDetails,
  type UnderlyingRow,
} from '../../engine/index.ts';
import { cashRow } from './cash-row.ts';
import { CommodityIndex, type IndexedCommodity } from './commodity-index.ts';
import type { CommodityMargins } from './commodity-margin-file.ts';
import { type CommodityDay, commodityMargin, noteCommodity } from './commodity-parts.ts';
import type { CrossMarginRow } from './cross-margin-file.ts';
import { rupeesToTicks } from './derivative-parts.ts';
import { derivativeRow } from './derivative-row.ts';
import type { ExposureRates } from './exposure-file.ts';
import { type FundedList, fundedShares } from './funded-shares.ts';
import type { Listing } from './listing.ts';
import type { PriceBands } from './price-band-file.ts';
import { fault } from './reference-error.ts';
import { sameDayShares, sameShares } from './same-shares.ts';
import type { SpanFile } from './span/span-file.ts';
import { syntheticListings } from './synthetic-listing.ts';
import { tradingDaysBetween } from './trading-days.ts';
import type { CashRates, RiskParts } from './var-file.ts';

/** Everything parsed. Without listings every contract of the SPAN files is listed under a made-up token. */
export interface JoinInput {
  readonly businessDate: number;
  readonly spans: readonly SpanFile[];
  readonly listings: readonly Listing[];
  readonly rates: ExposureRates;
  /** Of the commodity clearing corporation's daily margin file; empty without one. */
  readonly commodityMargins: CommodityMargins;
  /** What qualifies for cross margin. */
  readonly crossMargin: readonly CrossMarginRow[];
  readonly cashRates: CashRates | undefined;
  readonly cashRatesByIsin?: CashRates | undefined;
  /** VaR and ELM apart, and the house's list of shares it funds. */
  readonly riskByIsin?: ReadonlyMap<string, RiskParts> | undefined;
  readonly fundedList?: FundedList | undefined;
  /** `symbol|series` of securities margined in full. */
  readonly underSurveillance: ReadonlySet<string>;
  /** Bands of shares by the exchanges' lists. */
  readonly priceBands?: PriceBands | undefined;
  /** Symbols in ban period. */
  readonly banned: ReadonlySet<string>;
  readonly sources: TableDetails['sources'];
}

/** The table. Throws ReferenceFileError. */
export function joinParameters(input: JoinInput): ParameterTable {
  const index = new CommodityIndex(input.spans);
  const listings = input.listings.length > 0 ? input.listings : syntheticListings(index);
  const rows: InstrumentRow[] = [];
  const beside = new Map<string, CommodityDay>();
  for (const listing of listings) {
    if (listing.kind === 'EQ') rows.push(cashRow(listing, input));
    else if (lastDayOf(listing.expiry) >= input.businessDate) rows.push(rowOf(listing, index, input, beside));
  }
  refuseUnknownLegs(input, index, rows);
  const commodities = index.commodities;
  const symbols = new Set(commodities.map(({ rules }) => rules.symbol));
  return buildParameterTable(input.businessDate, rows, commodities.map(underlyingRow), {
    sources: input.sources,
    commodities: commodities.map(({ rules, name }) => {
      const deliveryRate = input.cashRates?.get(`${rules.symbol}|EQ`);
      return { ...rules, ...(deliveryRate === undefined ? {} : { deliveryRate }), ...beside.get(name) };
    }),
    ...(input.crossMargin.length === 0 ? {} : { crossMargin: input.crossMargin.map(({ family, index: of, legs }) => ({ family, index: of, legs })) }),
    ...sameShares(listings, input),
    ...sameDayShares(listings),
    ...fundedShares(listings, input, (symbol) => symbols.has(symbol)),
    tradingDays: tradingDaysTo(input.businessDate, rows),
    clearing: input.spans.flatMap((span) =>
      span.clearing.map((each) => ({
        clearingOrg: each.clearingOrg,
        file: basename(span.source.file),
        asOf: span.date,
        created: span.created,
        isSettlement: span.isSettlement,
        interSpreads: each.interSpreads,
        scanningSpreads: each.scanningSpreads,
        superSpreads: each.superSpreads,
        ...(each.scanPoints === undefined ? {} : { scanPoints: each.scanPoints }),
      })),
    ),
  });
}

/** Trading days to each expiry near enough for a rule to count them. */
function tradingDaysTo(businessDate: number, rows: readonly InstrumentRow[]): Record<string, number> {
  const expiries = [...new Set(rows.map((row) => row.expiry))].sort((a, b) => a - b);
  const counted = expiries.map((expiry) => [expiry, tradingDaysBetween(businessDate, expiry)] as const);
  return Object.fromEntries(counted.filter(([, days]) => Number.isFinite(days)));
}

/** A contract known by its month alone (day 00) lives to the month's end. */
function lastDayOf(expiry: number): number {
  return expiry % 100 === 0 ? expiry + 99 : expiry;
}

/** A set of cross margin whose index or leg is nothing of the day would silently never form. */
function refuseUnknownLegs({ crossMargin }: JoinInput, index: CommodityIndex, rows: readonly InstrumentRow[]): void {
  if (crossMargin.length === 0) return;
  const underlyings = new Set(index.commodities.map(({ rules }) => rules.symbol));
  const shares = new Set(rows.filter(({ kind }) => kind === InstrumentKind.EQ).map(({ name }) => name));
  for (const { file, line, index: of, legs } of crossMargin) {
    if (!underlyings.has(of)) fault(file, line, 'Index', `${of} is no combined commodity of the SPAN files`);
    const leg = legs.find(({ symbol, kind }) => !(kind === 'EQ' ? shares : underlyings).has(symbol));
    if (leg !== undefined)
      fault(file, line, 'Leg', `${leg.symbol} is no ${leg.kind === 'EQ' ? 'share of the day' : 'combined commodity of the SPAN files'}`);
  }
}

function rowOf(listing: Listing, index: CommodityIndex, input: JoinInput, beside: Map<string, CommodityDay>): InstrumentRow {
  const commodity = index.commodityOf(listing.symbol, listing.segment);
  if (commodity === undefined) {
    const files = input.spans.map((span) => span.source.file).join(', ');
    fault(listing.file, listing.line, 'TckrSymb', `${listing.symbol} is no combined commodity of ${files === '' ? 'any SPAN file' : files}`);
  }
  const contract = index.find(commodity, listing.symbol, listing.expiry, listing.kind, listing.strike);
  const { rates, banned, businessDate, commodityMargins } = input;
  const parts = { listing, commodity, contract, rates, banned, businessDate, commodityMargins };
  const margin = commodityMargin(parts);
  noteCommodity(parts, margin, beside);
  return derivativeRow(parts, margin.parts);
}

function underlyingRow(commodity: IndexedCommodity): UnderlyingRow {
  const { rules, name, dearest } = commodity;
  return {
    symbol: name,
    somRate: Math.max(0, ...rules.shortOptionMinimum.map((tier) => Math.round(tier.rate * 1e6))),
    calendarRateMax: Math.max(0, ...rules.spreads.map((spread) => calendarRate(spread, Math.max(rules.spot, dearest)))),
    spot: rupeesToTicks(rules.spot),
    tierCount: Math.max(1, rules.scanTiers.length),
  };
}

/** Largest charge of a spread per delta unit, micros; a share of the price is taken on the dearest contract. */
function calendarRate(spread: IndexedCommodity['rules']['spreads'][number], dearest: number): number {
  const perSpread = spread.method === 'F' ? spread.rate : spread.rate * dearest;
  const ratio = Math.min(...spread.legs.map((leg) => leg.ratio));
  return Math.ceil((perSpread / ratio) * 1e6 - 1e-6);
}
