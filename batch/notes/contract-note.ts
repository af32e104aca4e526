// A common contract note as plain data: what the PDF, the XML and the CSV are all written from, so that they cannot differ. One note per client and day over
// all exchanges; commodities apart. Prices and per-trade charges in ticks (1/10,000 rupee), what is owed in paise, as the note rounds it.

/** Equity and its derivatives and currency on one note; commodities on another. */
export const NOTE_GROUPS = ['EQ', 'COM'] as const;
export type NoteGroup = (typeof NOTE_GROUPS)[number];
/** Segments by group, in the order they are shown. */
export const SEGMENTS_OF: Readonly<Record<NoteGroup, readonly NoteSegment[]>> = { EQ: ['CM', 'FO', 'CD'], COM: ['COM'] };
export type NoteSegment = 'CM' | 'FO' | 'CD' | 'COM';

/** Levies of a trade, ticks, each rounded half up from the exact amount; they explain the note's charges and are not what is summed. */
export interface TradeLevies {
  readonly brokerage: number;
  readonly stt: number;
  readonly exchange: number;
  readonly ipft: number;
  readonly sebi: number;
  readonly stamp: number;
  readonly gst: number;
}

/** One trade of the annexure. */
export interface NoteTrade {
  readonly segment: NoteSegment;
  readonly exchange: string;
  readonly settlement: string;
  readonly order: string;
  readonly orderTime: string;
  readonly tradeId: string;
  readonly tradeTime: string;
  /** Symbol, with its series where it is not the ordinary one, or the contract's description. */
  readonly security: string;
  readonly isin: string;
  readonly side: 'B' | 'S';
  readonly quantity: number;
  readonly price: number;
  /** A future comes to what its closing rate makes of it, everything else to its value. */
  readonly isFuture: boolean;
  /** Closing rate of a contract on the date, ticks; 0 in cash, and where no price file had it. */
  readonly closing: number;
  readonly levies: TradeLevies;
  /** Delivered to the client's demat account straight from the clearing corporation. */
  readonly isDelivery: boolean;
  readonly isSameDay: boolean;
}

/** One row of the front page: a security (or contract) and side over all exchanges. `value` and `brokerage` in ticks; `average` in ticks, for the eye. */
export interface NoteRow {
  readonly segment: NoteSegment;
  readonly security: string;
  readonly isin: string;
  readonly side: 'B' | 'S';
  readonly quantity: number;
  readonly value: number;
  readonly average: number;
  readonly isFuture: boolean;
  readonly closing: number;
  readonly brokerage: number;
}

/** What settles with one clearing corporation in one settlement, paise; above zero the client receives. */
export interface NoteObligation {
  readonly segment: NoteSegment;
  readonly clearing: string;
  readonly settlement: string;
  readonly payIn: string;
  readonly amount: number;
}

/** Charges of a segment as the note rounds them, paise, all from zero up. */
export interface NoteLevies {
  readonly segment: NoteSegment;
  readonly brokerage: number;
  readonly stt: number;
  readonly exchange: number;
  readonly ipft: number;
  readonly sebi: number;
  readonly stamp: number;
  readonly cgst: number;
  readonly sgst: number;
  readonly igst: number;
}

/** Whom the note is for. */
export interface NoteClient {
  readonly code: string;
  readonly name: string;
  readonly pan: string;
  readonly address: string;
  readonly state: string;
}

/** See the file's head. */
export interface ContractNote {
  readonly number: string;
  readonly version: number;
  /** Why this replaces an earlier version; '' in a first one. */
  readonly reason: string;
  readonly group: NoteGroup;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly client: NoteClient;
  readonly trades: readonly NoteTrade[];
  readonly rows: readonly NoteRow[];
  readonly obligations: readonly NoteObligation[];
  readonly levies: readonly NoteLevies[];
}

/** What makes up a row or a trade; `value` is quantity × price, ticks. */
type Traded = Pick<NoteRow, 'side' | 'quantity' | 'value' | 'isFuture' | 'closing'>;

/** Ticks that change hands for it before brokerage and levies; below zero the client pays. A future without a closing rate is not reckoned. */
export function grossOf({ side, quantity, value, isFuture, closing }: Traded): number {
  const paid = isFuture ? (closing === 0 ? 0 : value - closing * quantity) : value;
  return side === 'B' ? -paid || 0 : paid;
}

/** The same after brokerage. */
export const beforeLevies = (traded: Traded & { readonly brokerage: number }): number => grossOf(traded) - traded.brokerage;

/** Sum of a segment's charges, paise. */
export const leviesTotal = ({ brokerage, stt, exchange, ipft, sebi, stamp, cgst, sgst, igst }: NoteLevies): number =>
  brokerage + stt + exchange + ipft + sebi + stamp + cgst + sgst + igst;

/** Obligation of a segment, paise; above zero the client receives. */
export const obligationOf = (note: ContractNote, segment: NoteSegment): number =>
  note.obligations.reduce((sum, one) => (one.segment === segment ? sum + one.amount : sum), 0);

/** What the client receives (above zero) or pays, paise. */
export const netOf = (note: ContractNote): number =>
  note.obligations.reduce((sum, { amount }) => sum + amount, 0) - note.levies.reduce((sum, levies) => sum + leviesTotal(levies), 0);
