// What holds of collateral whoever the client is: which side of the 50:50 rule a kind counts on, the least haircut of a kind by date, and which clearing
// corporation clears an exchange segment. One row per change, never edited. Haircuts of single securities come with the day's list.
import { ExchangeSegment } from '../instrument.ts';
import { CollateralClass, CollateralKind } from '../state/collateral-table.ts';

/** What a kind of collateral is. */
export interface CollateralKindRule {
  /** CollateralClass a piece counts under unless its security's row says otherwise. */
  readonly class: number;
  /** Is a piece an amount of paise under a reference, not units of a listed security? */
  readonly isAmount: boolean;
}

/**
 * By CollateralKind. Cash-like: cash, deposits, funded guarantees, government securities and overnight funds (SEBI/HO/MRD2/DCAP/CIR/2021/0598;
 * NCL/CMPT/65498). A guarantee no money stands behind, other funds and shares are not.
 */
const KIND_RULES: Readonly<Record<number, CollateralKindRule>> = {
  [CollateralKind.CASH]: { class: CollateralClass.NONE, isAmount: true },
  [CollateralKind.FDR]: { class: CollateralClass.CASH_EQUIVALENT, isAmount: true },
  [CollateralKind.BANK_GUARANTEE]: { class: CollateralClass.CASH_EQUIVALENT, isAmount: true },
  [CollateralKind.BANK_GUARANTEE_UNFUNDED]: { class: CollateralClass.NON_CASH, isAmount: true },
  [CollateralKind.GSEC]: { class: CollateralClass.CASH_EQUIVALENT, isAmount: false },
  [CollateralKind.OVERNIGHT_FUND]: { class: CollateralClass.CASH_EQUIVALENT, isAmount: false },
  [CollateralKind.FUND]: { class: CollateralClass.NON_CASH, isAmount: false },
  [CollateralKind.EQUITY]: { class: CollateralClass.NON_CASH, isAmount: false },
};
const NO_KIND: CollateralKindRule = { class: CollateralClass.NONE, isAmount: true };

/** The rule of a CollateralKind. */
export function kindRuleOf(kind: number): CollateralKindRule {
  return KIND_RULES[kind] ?? NO_KIND;
}

/** A least haircut. */
export interface LeastHaircut {
  readonly kind: number;
  /** First business date, yyyymmdd. */
  readonly from: number;
  /** 1/10,000. */
  readonly haircut: number;
  readonly source: string;
}

/** Later rows of a kind replace earlier ones. */
export const LEAST_HAIRCUTS: readonly LeastHaircut[] = [
  { kind: CollateralKind.OVERNIGHT_FUND, from: 20240801, haircut: 500, source: 'ICCL 20240710-11: overnight schemes 5 %' },
  { kind: CollateralKind.FUND, from: 20240801, haircut: 900, source: 'ICCL 20240710-11: other schemes VaR (6 sigma), at least 9 %' },
];

/** Least haircut of a kind on a date, 1/10,000; 0 where none is prescribed. */
export function leastHaircut(kind: number, date: number): number {
  let haircut = 0;
  for (const row of LEAST_HAIRCUTS) if (row.kind === kind && row.from <= date) haircut = row.haircut;
  return haircut;
}

/** Clearing corporations. Numbers are for ever. */
export const ClearingCorporation = { NCL: 1, ICCL: 2, MCXCCL: 3 } as const;
export type ClearingCorporationName = keyof typeof ClearingCorporation;

/** Clearing corporation of an ExchangeSegment: each exchange's own. 0 for no segment. */
export function corporationOf(segment: number): number {
  if (segment >= ExchangeSegment.NSE && segment <= ExchangeSegment.CDS) return ClearingCorporation.NCL;
  if (segment >= ExchangeSegment.BSE && segment <= ExchangeSegment.BCD) return ClearingCorporation.ICCL;
  return segment === ExchangeSegment.MCX ? ClearingCorporation.MCXCCL : 0;
}

/** Segments of a clearing corporation as bits: bit s = ExchangeSegment s. */
export function segmentsOf(corporation: number): number {
  let bits = 0;
  for (let segment = 1; segment <= ExchangeSegment.MCX; segment++) if (corporationOf(segment) === corporation) bits |= 1 << segment;
  return bits;
}
