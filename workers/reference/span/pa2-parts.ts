// What a pa2 file's records say, as printed: months instead of dates, integers instead of prices. Put together in pa2-assemble.ts.
import type { ScanningSpread, Spread } from '../../../engine/index.ts';

/** A tier of contract months, both ends included; rate of a short option minimum where the record gives one. */
export interface MonthTier {
  readonly tier: number;
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** Record C or E: legs by tier number or by contract month. */
export interface MonthSpread {
  readonly priority: number;
  readonly rate: number;
  readonly legs: readonly { readonly tier: number; readonly month: number; readonly side: 'A' | 'B'; readonly ratio: number }[];
}

/** Records 2, 3, S, C, E and 4 of one combined commodity. */
export interface Pa2Commodity {
  readonly symbol: string;
  readonly exchange: string;
  readonly line: number;
  exponent: number;
  currency: string;
  futuresStyle: boolean;
  readonly families: { readonly key: string; readonly id: string; readonly type: string; readonly arrayScale: number }[];
  scanTiers: MonthTier[];
  interTiers: MonthTier[];
  somTiers: MonthTier[];
  readonly intraTiers: MonthTier[];
  /** Every contract month is a tier of its own. */
  tierPerMonth: boolean;
  wfprMethod: 'NORMAL' | 'SCANRANGE' | 'SCANRANGE_CAP';
  readonly spreads: MonthSpread[];
  readonly delivery: { readonly month: number; readonly spreadRate: number; readonly outrightRate: number }[];
  /** A charge of this commodity that this release cannot work out: its contracts then fail closed. */
  unknownCharge: boolean;
  somRate: number;
  somMethod: 'GROSS' | 'MAX';
  adjustment: number;
}

/** Record P. */
export interface Pa2Price {
  readonly priceDecimals: number;
  readonly strikeDecimals: number;
  readonly priceAlignment: string;
  readonly strikeAlignment: string;
  readonly valueFactor: number;
  readonly currency: string;
  /** AMER or EURO. */
  readonly exercise: string;
  readonly valuation: string;
}

/** Record B. */
export interface Pa2Series {
  readonly expiry: number;
  readonly deltaScaling: number;
  readonly priceScan: number;
  readonly volScan: number;
  readonly valueFactor: number;
}

/** Records 81 and 82 of one contract. */
export interface Pa2Contract {
  readonly right: string;
  readonly underlying: string;
  /** Month and day code of the future (of an option: its underlying's) and of the option; '' where there is none. */
  readonly future: string;
  readonly option: string;
  readonly strike: number;
  readonly array: number[];
  readonly delta: number;
  /** As printed; undefined when the file has none. */
  readonly price: number | undefined;
}

/** One exchange complex: a record 0 and what follows it. */
export interface Pa2Complex {
  readonly clearingOrg: string;
  readonly commodities: Map<string, Pa2Commodity>;
  readonly prices: Map<string, Pa2Price>;
  readonly series: Map<string, Pa2Series>;
  readonly contracts: Map<string, Pa2Contract[]>;
  readonly interSpreads: Spread[];
  readonly superSpreads: Spread[];
  readonly scanningSpreads: ScanningSpread[];
}
