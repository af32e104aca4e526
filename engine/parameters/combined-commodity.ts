// What a risk parameter file says about one combined commodity (all futures and options on one underlying), beside the arrays.
// Small (a few hundred per file), so it travels as JSON inside the table; the numbers a decision needs are columns.

/** One side of a spread: a series by expiry, or a tier of expiries (tier 0 = every expiry). */
export interface SpreadLeg {
  /** Combined commodity of the leg; its own for an intra-commodity spread. */
  readonly commodity: string;
  /** BusinessDate of the series, 0 for a tier leg. */
  readonly expiry: number;
  readonly tier: number;
  readonly side: 'A' | 'B';
  /** Delta consumed per spread, in delta units. */
  readonly ratio: number;
  readonly required: boolean;
  /** Leg's own credit rate (fraction) where the file gives one. */
  readonly rate?: number;
  /** A series named by its place instead of its date: 1 = the nearest expiry of the commodity. */
  readonly period?: number;
}

/** Definition of one of the 16 scenarios, as the file gives it. Moves are fractions of the price and volatility scan ranges. */
export interface ScanPoint {
  /** 1..16. */
  readonly point: number;
  readonly priceMove: number;
  readonly volMove: number;
  /** Part of the loss that counts: 1, or the cover of an extreme move. Arrays carry it already. */
  readonly weight: number;
  /** The scenario that differs in volatility only, itself for an extreme move. */
  readonly paired: number;
}

/** dSpread: an intra-commodity charge, or an inter-commodity credit. */
export interface Spread {
  readonly priority: number;
  /** F flat amount per spread, P percent, W weighted price. */
  readonly method: 'F' | 'P' | 'W';
  /** Rupees per spread for F; a fraction (0.55 = 55 %) for P and W and for credits. */
  readonly rate: number;
  readonly legs: readonly SpreadLeg[];
}

/** Expiry range, both ends inclusive, BusinessDate; from 0 / to 0 = unbounded. */
export interface Tier {
  readonly tier: number;
  readonly from: number;
  readonly to: number;
}

/** Delivery-month charge for one expiry; rupees per delta unit. */
export interface SpotCharge {
  readonly expiry: number;
  readonly spreadRate: number;
  readonly outrightRate: number;
}

/** Scanning-based spread: per leg, gains count only to the credit rate, losses in full. */
export interface ScanningSpread {
  readonly priority: number;
  readonly legs: readonly {
    readonly commodity: string;
    readonly isTarget: boolean;
    readonly required: boolean;
    readonly ratio: number;
    readonly rate: number;
  }[];
}

export interface CombinedCommodity {
  readonly symbol: string;
  readonly currency: string;
  readonly scanTiers: readonly Tier[];
  readonly intraTiers: readonly Tier[];
  readonly interTiers: readonly Tier[];
  readonly spreads: readonly Spread[];
  readonly spotCharges: readonly SpotCharge[];
  /** Short option minimum, rupees per short option unit; one per SOM tier (tier 0 = all). */
  readonly shortOptionMinimum: readonly { readonly tier: number; readonly from: number; readonly to: number; readonly rate: number }[];
  readonly somMethod: 'GROSS' | 'MAX';
  readonly wfprMethod: 'NORMAL' | 'SCANRANGE' | 'SCANRANGE_CAP';
  /** Rupees the price is moved up and down, and the volatility shift (absolute), of the underlying or nearest series. */
  readonly priceScan: number;
  readonly volScan: number;
  /** Underlying price in rupees as the file gives it. */
  readonly spot: number;
  /** adjRate, 1 when the file has none. */
  readonly adjustment: number;
  /** Cash-segment rate (VaR + ELM + adhoc) of a stock underlying, 1/10,000, for delivery margins; absent without a VaR file. */
  readonly deliveryRate?: number;
  /** Clearing organisation that margins it; absent in tables of one organisation. */
  readonly clearingOrg?: string;
  /** Options on futures: expiry of the option -> expiry of its future, where they differ. Tiers and spreads see the future's. */
  readonly deltaExpiry?: Readonly<Record<string, number>>;
  /** How options are made, by their expiry; absent: European ones on the spot, worth one rupee for a rupee of price. */
  readonly optionTerms?: Readonly<Record<string, OptionTerms>>;
  /** Expiries (of futures) whose spreads with others have lost their benefit on the business date; commodities, worked out at load. */
  readonly apart?: readonly number[];
  /** What the exposure columns hold beside ELM, by contract: micros of one unit long and short; commodities, worked out at load. */
  readonly inExposure?: readonly ExposurePart[];
  /** Its own scenario definitions, where they differ from the clearing organisation's. */
  readonly scanPoints?: readonly ScanPoint[];
}

/** What the options of one expiry are on, as the file says. Nothing margins by it: arrays derived again between two files do. */
export interface OptionTerms {
  readonly on: 'SPOT' | 'FUTURE';
  readonly exercise: 'EUROPEAN' | 'AMERICAN';
  /** Price in the file of what they are on, and how far that is scanned; rupees of price. */
  readonly price: number;
  readonly priceScan: number;
  /** Rupees of value for a rupee of price. */
  readonly valueFactor: number;
  /** Delta scaling of contract and product together. */
  readonly scaling: number;
}

/** One rule's part of the exposure of the future, or of the options, of an expiry. */
export interface ExposurePart {
  readonly expiry: number;
  readonly isFuture: boolean;
  readonly rule: string;
  readonly long: number;
  readonly short: number;
}

/** The clearing organisation's part. */
export interface ClearingRules {
  readonly clearingOrg: string;
  /** Name of the file. */
  readonly file?: string;
  /** yyyymmdd of the file and its creation stamp. */
  readonly asOf: number;
  readonly created: string;
  readonly isSettlement: boolean;
  readonly interSpreads: readonly Spread[];
  readonly scanningSpreads: readonly ScanningSpread[];
  /** Credits granted before the calendar charge. */
  readonly superSpreads?: readonly Spread[];
  /** The 16 scenarios; absent where the file does not define them. */
  readonly scanPoints?: readonly ScanPoint[];
}

/** Positions that a clearing corporation lets offset each other across underlyings and segments: one index (or stock) future against every one of the legs. */
export interface CrossMarginSet {
  readonly family: 'constituents' | 'correlated';
  /** Symbol of the underlying whose futures are offset. */
  readonly index: string;
  readonly legs: readonly CrossMarginLeg[];
}

/** What stands against one unit of the index's futures, on the other side of the market. */
export interface CrossMarginLeg {
  /** Underlying whose futures count (FUT), or trading symbol of a share or fund of the cash segment (EQ). */
  readonly symbol: string;
  readonly kind: 'FUT' | 'EQ';
  /** Units for one unit of the index's futures. */
  readonly units: number;
}
