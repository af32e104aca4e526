// Collateral as HTTP shows it. Amounts in paise, rates in percent, prices in rupees, places by the name of the exchange segment.
import {
  ClearingCorporation,
  type ClearingCorporationName,
  type CollateralPieceView,
  type CollateralView,
  type ShortClient,
} from '../../engine/index.ts';
import { nameIn, rupees } from './order-answer.ts';
import { segmentName } from './symbol-index.ts';

/** Place of what is at no clearing corporation. */
export const WITH_MEMBER = 'MEMBER';

/** One piece. */
export interface PieceAnswer {
  readonly kind: string;
  readonly key: string;
  /** Exchange segment whose clearing corporation has it, or MEMBER. */
  readonly place: string;
  readonly cash_like: boolean;
  /** Units, or paise of cash, deposits and guarantees; `pending` counts from the next day on. */
  readonly quantity: number;
  readonly pending: number;
  readonly price: number;
  readonly haircut_percent: number;
  readonly exchange_haircut_percent: number;
  /** yyyymmdd of the list it is valued by; 0 = of no list. */
  readonly listed: number;
  readonly maturity: number;
  readonly value_paise: number;
  readonly counted_paise: number;
  /** notApproved, ended, matured; empty when it counts. */
  readonly reason: string;
}

/** Margin and collateral in one exchange segment. */
export interface SegmentAllocationAnswer {
  readonly segment: string;
  readonly corporation: string;
  readonly required_paise: number;
  readonly cash_paise: number;
  readonly cash_others_paise: number;
  readonly non_cash_paise: number;
}

/** Margin and collateral at one clearing corporation. */
export interface CorporationAllocationAnswer {
  readonly corporation: string;
  readonly required_paise: number;
  readonly placed_paise: number;
  readonly short_paise: number;
  readonly excess_paise: number;
  /** Of short_paise, what excess at the others does not explain. */
  readonly unexplained_paise: number;
}

/** Collateral of a client. */
export interface CollateralAnswer {
  readonly account: string;
  readonly as_of: number;
  readonly cash_paise: number;
  readonly cash_unplaced_paise: number;
  readonly cash_equivalent_paise: number;
  readonly non_cash_paise: number;
  readonly cash_equivalent_given_paise: number;
  readonly non_cash_given_paise: number;
  readonly non_cash_counted_paise: number;
  readonly available_paise: number;
  readonly requirement_paise: number;
  readonly pieces: readonly PieceAnswer[];
  readonly segments: readonly SegmentAllocationAnswer[];
  readonly corporations: readonly CorporationAllocationAnswer[];
}

const PERCENT = 100;

/** Name of a clearing corporation. */
export const corporationName = (corporation: number): ClearingCorporationName => nameIn(ClearingCorporation, corporation) as ClearingCorporationName;

function pieceAnswer(piece: CollateralPieceView): PieceAnswer {
  return {
    kind: piece.kind,
    key: piece.key,
    place: piece.segment === 0 ? WITH_MEMBER : segmentName(piece.segment),
    cash_like: piece.isCashLike,
    quantity: piece.quantity,
    pending: piece.pending,
    price: rupees(piece.price),
    haircut_percent: piece.haircut / PERCENT,
    exchange_haircut_percent: piece.exchangeHaircut / PERCENT,
    listed: piece.listed,
    maturity: piece.maturity,
    value_paise: piece.value,
    counted_paise: piece.counted,
    reason: piece.reason,
  };
}

/** A client's collateral as the API shows it. */
export function collateralAnswer(view: CollateralView): CollateralAnswer {
  return {
    account: view.account,
    as_of: view.sequence,
    cash_paise: view.cash,
    cash_unplaced_paise: view.cashUnplaced,
    cash_equivalent_paise: view.cashEquivalent,
    non_cash_paise: view.nonCash,
    cash_equivalent_given_paise: view.cashEquivalentGiven,
    non_cash_given_paise: view.nonCashGiven,
    non_cash_counted_paise: view.nonCashCounted,
    available_paise: view.available,
    requirement_paise: view.requirement,
    pieces: view.pieces.map(pieceAnswer),
    segments: view.segments.map(({ segment, corporation, required, cash, cashOthers, nonCash }) => ({
      segment: segmentName(segment),
      corporation: corporationName(corporation),
      required_paise: required,
      cash_paise: cash,
      cash_others_paise: cashOthers,
      non_cash_paise: nonCash,
    })),
    corporations: view.corporations.map(({ corporation, required, placed, short, excess, unexplained }) => ({
      corporation: corporationName(corporation),
      required_paise: required,
      placed_paise: placed,
      short_paise: short,
      excess_paise: excess,
      unexplained_paise: unexplained,
    })),
  };
}

/** A client with less placed than its positions ask. */
export interface ShortAnswer {
  readonly account: string;
  readonly corporation: string;
  readonly required_paise: number;
  readonly placed_paise: number;
  readonly short_paise: number;
  readonly unexplained_paise: number;
}

/** The same as the API shows it. */
export function shortAnswer({ account, corporation, required, placed, short, unexplained }: ShortClient): ShortAnswer {
  return {
    account,
    corporation: corporationName(corporation),
    required_paise: required,
    placed_paise: placed,
    short_paise: short,
    unexplained_paise: unexplained,
  };
}
