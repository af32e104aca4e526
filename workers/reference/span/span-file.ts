// What is kept of a SPAN risk parameter file. Amounts are rupees as printed unless a field says otherwise.
import type { CombinedCommodity, ScanningSpread, ScanPoint, Spread } from '../../../engine/index.ts';
import type { SourceDigest } from '../source-file.ts';

/** A future or option of a product family. */
export interface SpanContract {
  readonly kind: 'FUT' | 'CE' | 'PE';
  /** yyyymmdd */
  readonly expiry: number;
  /** ticks; 0 for a future */
  readonly strike: number;
  /** Rupees per price unit. */
  readonly price: number;
  /** Composite delta of one long unit, before scaling. */
  readonly delta: number;
  /** Delta scaling of the contract. */
  readonly scaling: number;
  /** Contract value factor: rupees of value per rupee of price. */
  readonly valueFactor: number;
  /** Paise per long unit, loss positive, 16 values; empty when the file has none. */
  readonly riskArray: readonly number[];
}

/** A product family: physical, future, option on physical or option on future. */
export interface SpanProduct {
  readonly type: 'PHY' | 'FUT' | 'OOP' | 'OOF';
  readonly exchange: string;
  readonly id: string;
  readonly code: string;
  readonly currency: string;
  /** Options: when they may be exercised; European where the file does not say. */
  readonly exercise?: 'EUROPEAN' | 'AMERICAN';
  /** EQTY: premium paid at once; FUT: marked to market. */
  readonly valuation: string;
  readonly contracts: readonly SpanContract[];
  /** Price of the physical, rupees. */
  readonly physicalPrice?: number;
  /** Futures: expiry by contract id. */
  readonly futureExpiries?: ReadonlyMap<string, number>;
  /** Options on futures: the future (product id and contract id, or its expiry) each series delivers, by expiry of the series. */
  readonly delivers?: ReadonlyMap<number, { readonly product: string; readonly contract: string; readonly expiry?: number }>;
  /** Scan ranges of the physical, or of the first series that prints them. */
  readonly priceScan?: number;
  readonly volScan?: number;
}

/** Link of a commodity to a product family. */
export interface ProductLink {
  readonly exchange: string;
  readonly id: string;
  readonly type: string;
  readonly scaling: number;
}

/** ccDef; what depends on product families (spot, scan ranges) is filled when files are joined. */
export interface SpanCommodity extends Omit<CombinedCommodity, 'priceScan' | 'volScan' | 'spot' | 'deltaExpiry' | 'optionTerms'> {
  readonly links: readonly ProductLink[];
}

export interface SpanClearing {
  readonly clearingOrg: string;
  readonly products: readonly SpanProduct[];
  readonly commodities: readonly SpanCommodity[];
  readonly interSpreads: readonly Spread[];
  readonly scanningSpreads: readonly ScanningSpread[];
  readonly superSpreads: readonly Spread[];
  /** The 16 scenarios, where the file defines them. */
  readonly scanPoints?: readonly ScanPoint[];
}

export interface SpanFile {
  readonly source: SourceDigest;
  readonly created: string;
  /** Business date, yyyymmdd. */
  readonly date: number;
  readonly isSettlement: boolean;
  readonly clearing: readonly SpanClearing[];
}
