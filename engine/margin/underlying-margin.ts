// One line of a margin breakdown, as the API, explain and the command line show it.

/** Margin of one underlying, or of one cash instrument and product, of one client. Amounts in whole paise. */
export interface UnderlyingMargin {
  /** Symbol of the combined commodity, or trading symbol of the cash instrument. */
  readonly symbol: string;
  /** Row of the underlying in the table; -1 for a cash instrument. */
  readonly underlying: number;
  /** Row of the cash instrument and its product; -1 and 0 for an underlying. */
  readonly instrument: number;
  readonly product: number;
  /** MarginBasis: GROSS for working orders of a contract that net with nothing (a pre-open session); such a line holds no position. */
  readonly basis: number;
  /** What the client must have for this line, working orders included. */
  readonly requirement: number;
  /** The same for the position alone (no working order, calendar exact). */
  readonly positionRequirement: number;
  /** Components of the position alone: sum over tiers of the floored scan risk, and so on; netOptionValue is long minus short. */
  readonly scan: number;
  readonly calendar: number;
  readonly spot: number;
  /** Credit from other underlyings; 0 while an order works on one of those tied to this by the file's spreads. */
  readonly interCommodity: number;
  readonly shortOptionMinimum: number;
  readonly netOptionValue: number;
  readonly exposure: number;
  /** Dated rules beyond SPAN and exposure, on the position: relief of a futures spread (negative), expiry day, delivery. */
  readonly added: number;
  /** Cash-segment margin of the position (0 for an underlying). */
  readonly cash: number;
  /** Working orders that touch the line. */
  readonly workingOrders: number;
}

/** Components of a line that has none of a derivative position. */
export const NO_PARTS: Pick<
  UnderlyingMargin,
  'scan' | 'calendar' | 'spot' | 'interCommodity' | 'shortOptionMinimum' | 'netOptionValue' | 'exposure' | 'added'
> = {
  scan: 0,
  calendar: 0,
  spot: 0,
  interCommodity: 0,
  shortOptionMinimum: 0,
  netOptionValue: 0,
  exposure: 0,
  added: 0,
};
