// What a derivative's row of the parameter table is made of, and the prices its margins are taken on.
import type { IndexedCommodity, IndexedContract } from './commodity-index.ts';
import { type CommodityMarginRow, type CommodityMargins, commodityMarginKey } from './commodity-margin-file.ts';
import type { ExposureRates } from './exposure-file.ts';
import type { Listing } from './listing.ts';

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

/** Ticks: of the SPAN file, or the listing's where the file does not have the contract. */
export function futurePrice({ contract, listing }: DerivativeParts): number {
  return contract === undefined ? listing.previousClose : rupeesToTicks(contract.contract.price);
}

/** Row of the daily margin file for a commodity contract; its symbol is the product's. */
export function commodityRow({ listing, commodityMargins }: DerivativeParts): CommodityMarginRow | undefined {
  return listing.kind === 'EQ' ? undefined : commodityMargins.get(commodityMarginKey(listing.symbol, listing.expiry, listing.kind));
}
