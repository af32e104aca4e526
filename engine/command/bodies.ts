// Bodies of the rare commands: the MessagePack map after the header, once decoded. Amounts are integers in the unit named.
// Unknown extra keys are ignored; a missing or ill-typed key makes the command CommandRefused, never half-applied.
import type { ClearingCorporationName } from '../rules/collateral-rules.ts';
import type { CollateralKindName } from '../state/collateral-table.ts';
import type { SlicePoolName } from '../state/slices.ts';

/** Opens the business day: names the rule set every later verdict of the day is given under, and the house's policy. */
export interface OpenDayBody {
  readonly businessDate: number;
  readonly ruleSet: number;
  readonly policy: {
    /** Smallest cash-segment margin in 1/10,000 of value: 2,000 = the 20 % floor; 10,000 = full payment. */
    readonly cashRateFloor: number;
    /** House multipliers in 1/10,000, never below 10,000 (the exchange minimum). */
    readonly spanMultiplier: number;
    /** Largest order value, paise; above it the order is refused (SEBI, December 2012: Rs 10 crore unless allowed). */
    readonly maxOrderValue: number;
    /** Verdict validity: an order not confirmed this many microseconds after acceptance is stuck. */
    readonly confirmWithin: number;
    /** ExchangeSegments that begin the day closed, until SetSegmentState opens them; absent: none. */
    readonly gatedSegments?: readonly number[];
    /** Marks of margin use in 1/10,000 of available funds: an alert, risk-reduction mode and its end; absent: not watched. */
    readonly riskReduction?: { readonly alertAt: number; readonly enterAt: number; readonly leaveBelow: number };
    /** How near and how far from its price, in 1/10,000, the stop-loss of a cover order may be; absent: the house takes no cover orders. */
    readonly coverRange?: { readonly least: number; readonly most: number };
    /**
     * How far from its price, in 1/10,000, the target of a bracket order may be; absent: the house takes none. Goes with coverRange, which holds for
     * its stop-loss.
     */
    readonly targetMost?: number;
    /** Paise the house funds one client with at most (MTF), counted in whole rupees; absent: it funds nobody, and orders of the product are refused. */
    readonly fundingLimit?: number;
  };
}
export interface LoadParametersBody {
  readonly tableHash: string;
  readonly label: string;
}
export interface OpenAccountBody {
  readonly account: string;
  /** Keyed token of the PAN, hex; never the PAN. */
  readonly riskGroup: string;
  readonly status: AccountStatusName;
  /** ExchangeSegment numbers the account may trade. */
  readonly segments: readonly number[];
  readonly kind: 'CLIENT' | 'PROPRIETARY' | 'ERROR' | 'CUSTODIAL';
}
export type AccountStatusName = 'ACTIVE' | 'FROZEN' | 'REDUCE_ONLY' | 'CLOSED';
export interface UpdateAccountBody {
  readonly account: string;
  readonly status?: AccountStatusName;
  readonly segments?: readonly number[];
}
/** Limits of one client; 0 = no limit. Quantities in units, values in paise. */
export interface SetLimitBody {
  readonly account: string;
  readonly maxOrderQuantity?: number;
  readonly maxOrderValue?: number;
  readonly maxOpenOrderValue?: number;
  readonly maxOpenOrders?: number;
  readonly maxNetQuantity?: number;
  readonly maxGrossValue?: number;
  readonly maxTurnover?: number;
  /** Loss of the day, marked to market, from which only reducing orders pass. */
  readonly maxLoss?: number;
  /** What the house has sanctioned of margin trading funding (MTF). Unlike the others 0 is none: the client is not enabled. */
  readonly maxFunded?: number;
}
/** Replaces all collateral of a client: figures in paise after haircut, as before, and pieces that are valued here and come on top. Absent: no pieces. */
export interface SetCollateralBody {
  readonly account: string;
  readonly cash: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  readonly pieces?: readonly CollateralPieceBody[];
  /** Of a client whose collateral is in pieces only the cash is replaced: the two other figures are then no part of it. Not together with pieces. */
  readonly keepPieces?: boolean;
}
/** One piece of collateral and where it is. CASH is a part of the client's own cash that is placed, and counts no second time. */
export interface CollateralPieceBody {
  readonly kind: CollateralKindName;
  /** ISIN, or reference of a deposit or guarantee; CASH has none. */
  readonly key?: string;
  /** ExchangeSegment whose clearing corporation has it; 0 or absent = with the member. */
  readonly segment?: number;
  /** Units; paise of CASH, FDR, BANK_GUARANTEE, BANK_GUARANTEE_UNFUNDED. */
  readonly quantity: number;
  /** yyyymmdd of the last day it counts. */
  readonly maturity?: number;
  /** NEXT_DAY: counts from the next OpenDay on. Absent: NOW. */
  readonly credit?: 'NOW' | 'NEXT_DAY';
}
/** Pledges units (positive) or takes them back. */
export interface ChangePledgeBody {
  readonly account: string;
  /** Absent: EQUITY. */
  readonly kind?: 'GSEC' | 'OVERNIGHT_FUND' | 'FUND' | 'EQUITY';
  readonly isin: string;
  readonly quantity: number;
  /** See CollateralPieceBody. */
  readonly segment?: number;
  /** NOW is an intraday pledge. Absent: NEXT_DAY (T+1). */
  readonly credit?: 'NOW' | 'NEXT_DAY';
  /** The holding the units leave and come back to: cash segment and token. Absent: holdings are told apart. */
  readonly holding?: { readonly segment: number; readonly token: number };
  /** The depository's word: margin is not asked. */
  readonly fact?: boolean;
  readonly reference: string;
}
/** Moves units of a piece, or paise of cash, between places: 0 = with the member, else an ExchangeSegment. */
export interface AllocateCollateralBody {
  readonly account: string;
  readonly kind: CollateralKindName;
  readonly key?: string;
  readonly from: number;
  readonly to: number;
  readonly quantity: number;
  /** The clearing corporation's word: neither cash nor margin is asked. */
  readonly fact?: boolean;
  readonly reference: string;
}
/** The list of approved securities of a day (broadcast), in as many commands as it takes. */
export interface SetHaircutsBody {
  /** yyyymmdd of the list. */
  readonly date: number;
  /** Drops the list before; the first of several. */
  readonly replace?: boolean;
  /** false: not the last part, nobody's collateral is valued yet. */
  readonly revalue?: boolean;
  readonly rows: readonly HaircutBody[];
}
/** One security, or without isin a kind as a whole. Rates in 1/10,000. */
export interface HaircutBody {
  readonly kind: CollateralKindName;
  readonly isin?: string;
  /** Side of the 50:50 rule, where it is another than the kind's. */
  readonly class?: 'CASH_EQUIVALENT' | 'NON_CASH';
  readonly haircut?: number;
  /** What the house takes at least; the larger of the two holds. */
  readonly houseHaircut?: number;
  /** Ticks a unit; securities only. */
  readonly price?: number;
  /** Units of the security one client may have counted, or paise of the kind. */
  readonly cap?: number;
  /** Largest part of a client's other collateral one security of the kind may be. */
  readonly securityShare?: number;
  /** yyyymmdd of the last day it counts (a government security: two business days before it matures). */
  readonly countsUntil?: number;
}
/** Replaces one holding, units. */
export interface SetHoldingsBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly free: number;
  readonly pledged: number;
  readonly t1: number;
}
/** Adds to (positive) or takes from the client's cash, paise. */
export interface CreditFundsBody {
  readonly account: string;
  readonly amount: number;
  readonly reference: string;
}
/** Extra limit that lapses at CloseDay, paise. */
export interface GrantAdhocBody {
  readonly account: string;
  readonly amount: number;
  readonly reason: string;
}
/** Carries a position in, before trading; price in ticks is the settlement price it is marked from. */
export interface ImportPositionBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly quantity: number;
  readonly price: number;
}
/** The client has accepted (above zero) or the house has released (below) the pledge of units of a lot bought with funding; the depository's word. */
export interface PledgeFundedBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  /** Business date of the purchase, yyyymmdd: names the lot. */
  readonly boughtOn: number;
  readonly quantity: number;
  readonly reference: string;
}
/** Carries in a lot that was bought with funding elsewhere, before trading: its units join the client's MTF position at what they cost. */
export interface ImportFundedLotBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly boughtOn: number;
  readonly units: number;
  /** Of the units, those whose pledge the client has accepted. */
  readonly pledged: number;
  /** Paise the units cost, and paise of it that the house lent. */
  readonly cost: number;
  readonly funded: number;
  readonly reference: string;
}
/** Units of a cash position from one product to the other, CNC being one of the two with MTF; quantity without sign. */
export interface ConvertPositionBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly from: 'CNC' | 'MIS' | 'MTF';
  readonly to: 'CNC' | 'MIS' | 'MTF';
  readonly quantity: number;
}
/** What the member may do at a clearing corporation (broadcast): in RISK_REDUCTION only what closes positions cleared there passes. */
export interface SetMemberModeBody {
  readonly corporation: ClearingCorporationName;
  readonly mode: 'NORMAL' | 'RISK_REDUCTION';
  readonly reason: string;
}
/**
 * What one slot may use of the member's limit at a clearing corporation, or of what the house lends in all (FUNDING). A number that is not above the
 * last one changes nothing.
 */
export interface GrantSliceBody {
  readonly corporation: SlicePoolName;
  readonly number: number;
  /** Paise in all, what is used already included; absent: no slice is asked any more. */
  readonly slice?: number;
}
/** Takes back what one slot does not use of its slice, down to `keep` paise. Numbered as grants are. */
export interface RecallSliceBody {
  readonly corporation: SlicePoolName;
  readonly number: number;
  readonly keep: number;
}
/** scope FIRM (every slot), or one ACCOUNT. */
export interface KillSwitchBody {
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account?: string;
  readonly reason: string;
  readonly by: string;
}
/** Opens, closes or limits one exchange segment (broadcast). Letting reducing orders into a closed one takes two different names in `by`. */
export interface SetSegmentStateBody {
  readonly segment: number;
  /** PRE_OPEN is the session before continuous trading: derivatives take futures only, and each order is margined by itself. It begins at once. */
  readonly state: 'OPEN' | 'CLOSED' | 'REDUCE_ONLY' | 'PRE_OPEN';
  readonly reason: string;
  readonly by: readonly string[];
  /** EpochMicros at which it takes effect; until then the gate stays as it is. Absent, or not after the command's time: at once. */
  readonly from?: number;
  /** With OPEN and a `from` to come: a pre-open session goes before it (rules/order-rules.ts), carried over by the Tick. */
  readonly preOpen?: boolean;
  /** With PRE_OPEN: EpochMicros at which the segment opens, by the Tick of that time. Absent: it opens when that is said. */
  readonly opensAt?: number;
}
/** A segment has closed at the exchange (broadcast): its open orders expire and its gate shuts. */
export interface CloseSegmentBody {
  readonly businessDate: number;
  readonly segment: number;
  /** Of its T+0 session alone, which ends before the segment does. */
  readonly sameDay?: boolean;
}
/** Settlement prices of one exchange segment (broadcast): marks that stand until the next OpenDay. */
export interface SettlePricesBody {
  readonly businessDate: number;
  readonly segment: number;
  /** Token, price in ticks, token, price, …: at most 8,192 numbers. */
  readonly prices: readonly number[];
  /** The last part of the segment's prices: from here on no other price marks it. */
  readonly isFinal: boolean;
}
/** Units of a client's purchase have been paid out: no longer on their way, but free. */
export interface CreditDeliveryBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly quantity: number;
  /** Settlement they were bought in. */
  readonly reference: string;
  /**
   * Of T+0, on its own day, under the token of the share itself: IN, bought in the session and paid out, free now; OUT, sold in it and delivered. The
   * money is settled with the day's, at its close. Absent: of T+1.
   */
  readonly sameDay?: 'IN' | 'OUT';
}
/** What the clearing corporation has booked of a client ahead of the pay-in, until the day closes. */
export type BookEarlyPayInBody =
  | {
      readonly account: string;
      /** Units sold and delivered. */
      readonly way: 'SECURITIES';
      readonly segment: number;
      readonly token: number;
      /** Units; below zero what was booked before is taken back. */
      readonly quantity: number;
      /** Settlement, and request at the clearing corporation. */
      readonly reference: string;
    }
  | {
      readonly account: string;
      /** Money for what was bought. */
      readonly way: 'FUNDS';
      /** Paise, with the same sign. */
      readonly quantity: number;
      readonly reference: string;
    };
/** A client's units of a share that a settlement left short: settled by the auction, for the client in money. Units, none below zero. */
export interface SettleShortageBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  /** Sold and not delivered, because the client did not have them: no longer owed. */
  readonly short: number;
  /** Sold and not delivered though the client has them: free again. */
  readonly returned: number;
  /** Bought, and closed out: no longer on their way. */
  readonly lapsed: number;
  /** Settlement that was short. */
  readonly reference: string;
  /** Of T+0: on its own day nothing is on its way, and what did not come or go leaves the session's position. */
  readonly sameDay?: boolean;
  /**
   * What lapsed was bought with funding (MTF) on this business date, yyyymmdd: it leaves that lot, and its loan the client's cash. Goes with `lapsed`
   * alone.
   */
  readonly boughtOn?: number;
}
/** Margin of all positions at this moment, kept with the day. */
export interface TakeMarginSnapshotBody {
  readonly label: string;
  /** Which of the day's, 1 to 31 (1 to 7: the windows of rules/peak-rules.ts); absent: the lowest free one from 8. Each is taken once. */
  readonly number?: number;
  /** Exchange segments that get rows; absent: all. */
  readonly segments?: readonly number[];
}
export interface CloseDayBody {
  readonly businessDate: number;
}
/** One client's position in a contract on its last day, as the clearing corporation settles it. */
export interface ExerciseAssignBody {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  /** Signed units held before exercise, by the clearing corporation. */
  readonly units: number;
  /** Of these, units exercised or assigned (an option) or finally settled (a future), without sign; the rest ends worthless. */
  readonly settled: number;
  /** Ticks: a future's final settlement price; an option's worth a unit in cash, or its strike where shares are delivered. */
  readonly price: number;
  /** The shares that are delivered; absent: settled in cash. */
  readonly shares?: { readonly segment: number; readonly token: number };
}
/** One instrument becomes another on its ex date, before trading (broadcast): units × newUnits / oldUnits, price × oldUnits / newUnits after the payout. */
export interface ApplyCorporateActionBody {
  readonly segment: number;
  readonly token: number;
  /** The token it has from now on; absent: the same. */
  readonly newToken?: number;
  readonly newUnits: number;
  readonly oldUnits: number;
  /** Ticks a unit that leave the price (an extraordinary dividend on a contract); absent: none. */
  readonly payout?: number;
  readonly reason: string;
}
/** One half of moving a trade to the account it belongs to: OUT of the account it stands in, IN to the other. */
export interface TransferTradeBody {
  readonly way: 'OUT' | 'IN';
  readonly account: string;
  readonly segment: number;
  readonly tradeDate: number;
  readonly tradeId: string;
  readonly side: 'BUY' | 'SELL';
  readonly token: number;
  readonly quantity: number;
  /** Ticks. */
  readonly price: number;
  readonly product: 'CNC' | 'MIS' | 'NRML';
  readonly reason: string;
}
