// Listings for a table made of SPAN files alone (one-off margin work): tokens are sequential in file order, lots are 1. The same file always
// gives the same tokens; they mean nothing outside such a table.
import { ExchangeSegment, INDEX_UNDERLYINGS } from '../../engine/index.ts';
import { clears, segmentOf } from './clearing-org.ts';
import type { CommodityIndex, IndexedCommodity, IndexedContract } from './commodity-index.ts';
import { contractName, monthlyExpiries } from './contract-name.ts';
import { rupeesToTicks } from './derivative-parts.ts';
import { contractKey } from './exposure-file.ts';
import type { Listing } from './listing.ts';

/** One listing per contract, and one share per stock that has a physical price. */
export function syntheticListings(index: CommodityIndex): Listing[] {
  const monthlies = new Map<IndexedCommodity, Set<number>>();
  const expiries = new Map<IndexedCommodity, number[]>();
  for (const { contract, commodity } of index.all()) {
    const known = expiries.get(commodity);
    if (known === undefined) expiries.set(commodity, [contract.expiry]);
    else if (known[known.length - 1] !== contract.expiry) known.push(contract.expiry);
  }
  for (const [commodity, dates] of expiries) monthlies.set(commodity, monthlyExpiries(dates));
  const listings: Listing[] = [];
  const taken = new Set<string>();
  for (const { contract, code, commodity } of index.all()) {
    const { kind, expiry, strike } = contract;
    const symbol = nameOf(taken, { contract, code, commodity });
    const isMonthly = monthlies.get(commodity)?.has(expiry) ?? true;
    const segment = segmentOf(commodity.clearingOrg, commodity.rules.symbol);
    listings.push({
      ...bareListing(commodity, listings.length + 1, segment, rupeesToTicks(contract.price)),
      symbol,
      kind,
      name: contractName({ symbol, kind, expiry, strike, isMonthly }),
      expiry,
      strike,
    });
  }
  for (const commodity of index.commodities) {
    if (!commodity.hasPhysical || INDEX_UNDERLYINGS.has(commodity.rules.symbol)) continue;
    const segment = clears(commodity.clearingOrg, ExchangeSegment.BSE) ? ExchangeSegment.BSE : ExchangeSegment.NSE;
    listings.push(bareListing(commodity, listings.length + 1, segment, rupeesToTicks(commodity.rules.spot)));
  }
  return listings;
}

/** Two products of a commodity may list the same terms (a large and a small future): the second goes by its own code. */
function nameOf(taken: Set<string>, { contract, code, commodity }: Pick<IndexedContract, 'contract' | 'code' | 'commodity'>): string {
  const { symbol } = commodity.rules;
  if (commodity.codes.length < 2) return symbol;
  const key = contractKey(commodity.name, contract.expiry, contract.kind, contract.strike);
  if (taken.has(key)) return code;
  taken.add(key);
  return symbol;
}

function bareListing(commodity: IndexedCommodity, token: number, segment: number, previousClose: number): Listing {
  const { symbol, spot } = commodity.rules;
  return {
    segment,
    token,
    kind: 'EQ',
    name: symbol,
    symbol,
    series: 'EQ',
    expiry: 0,
    strike: 0,
    lot: 1,
    tickSize: 0,
    freezeQuantity: 0,
    bandLow: 0,
    bandHigh: 0,
    previousClose,
    underlyingClose: rupeesToTicks(spot),
    isIndex: INDEX_UNDERLYINGS.has(symbol),
    file: commodity.file,
    line: 0,
  };
}
