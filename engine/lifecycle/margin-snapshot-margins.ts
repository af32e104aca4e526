// Margin of a client's positions in one exchange segment: a margin book of its own into which one client after the other is put, without working
// orders. The same book the live figure comes from, so that the two agree wherever no order works and the parameters are the same. Where the table
// lets positions of two segments lower each other's margin (cross margin of futures against shares), the other segments of the same clearing
// corporation are put in as well, under this segment's table, and each segment's row is what its own lines then ask.
import { Product } from '../instrument.ts';
import { compiledRules } from '../margin/compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from '../margin/contract-row.ts';
import { MarginBook } from '../margin/margin-book.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { corporationOf } from '../rules/collateral-rules.ts';
import { isByOpeningParameters } from '../rules/peak-rules.ts';
import { coveredUnits } from '../state/early-pay-in.ts';
import { fundedUnits } from '../state/funding.ts';
import { Funding } from '../state/funding-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { freeUnits, leadOf, otherListing } from '../state/netted-shares.ts';
import { PeakBasis } from '../state/peak-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';

/** The only client of the book. */
const ONLY = 1;

/** A book for each table and cash rate floor, empty between two uses. */
const books = new WeakMap<ParameterTable, MarginBook>();

function bookOf(table: ParameterTable, cashRateFloor: number): MarginBook {
  let book = books.get(table);
  if (book === undefined || book.cashRateFloor !== cashRateFloor) {
    book = new MarginBook(table, cashRateFloor);
    books.set(table, book);
  }
  return book;
}

/** Positions of one slot, margined at one moment. */
export class SnapshotMargins {
  /** PeakBasis of the last figure. */
  basis: number = PeakBasis.OPENING;
  private readonly state: SlotState;
  private readonly opening: MarginBook | undefined;
  private readonly inForce: MarginBook | undefined;
  private readonly date: number;

  /** `opening`: the table the day began under; undefined while there is no table at all. */
  constructor(state: SlotState, opening: ParameterTable | undefined) {
    const { parameters } = state.derived;
    const floor = state.meta.f64(META_ROW, Meta.cashRateFloor);
    this.state = state;
    this.opening = opening === undefined ? undefined : bookOf(opening, floor);
    this.inForce = parameters === undefined ? undefined : bookOf(parameters, floor);
    this.date = state.meta.u32(META_ROW, Meta.businessDate);
  }

  /**
   * Paise the client's positions in the segment ask for. Where the opening table does not name one of the contracts, the segment is margined by the table in
   * force; a contract neither names asks nothing, and `basis` says so. Without any table: 0.
   */
  required(client: number, segment: number): number {
    const { opening, inForce } = this;
    if (opening === undefined || inForce === undefined) return 0;
    const byOpening = opening !== inForce && isByOpeningParameters(segment, this.date);
    this.basis = isByOpeningParameters(segment, this.date) ? PeakBasis.OPENING : PeakBasis.IN_FORCE;
    if (byOpening && this.put(opening, client, segment)) return this.take(opening, client, segment);
    if (byOpening) {
      opening.drop(ONLY);
      this.basis = PeakBasis.IN_FORCE;
    }
    if (!this.put(inForce, client, segment)) this.basis = PeakBasis.INCOMPLETE;
    return this.take(inForce, client, segment);
  }

  /** The figure, and the book empty again. */
  private take(book: MarginBook, client: number, segment: number): number {
    let required: number = book.requirement(ONLY);
    if (required > 0 && compiledRules(book.table).credits.spansSegments && this.putOthers(book, client, segment))
      required = requiredIn(book, segment);
    book.drop(ONLY);
    return required;
  }

  /** Adds what the book's table names of the client's other segments at the same clearing corporation; whether there are any. */
  private putOthers(book: MarginBook, client: number, segment: number): boolean {
    const held = segmentsHeld(this.state, client);
    let isAny = false;
    for (let other = 1; held >>> other !== 0; other++) {
      if (((held >>> other) & 1) === 0 || other === segment || corporationOf(other) !== corporationOf(segment)) continue;
      this.put(book, client, other);
      isAny = true;
    }
    return isAny;
  }

  /** Puts the client's positions into the book; false when its table lacks one of them. */
  private put(book: MarginBook, client: number, segment: number): boolean {
    const { positions, derived } = this.state;
    const rules = compiledRules(book.table);
    let isWhole = true;
    for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) {
      if (isFlat(this.state, row) || marginSegment(this.state, row) !== segment) continue;
      const instrument = rules.find(positions.u8(row, Position.segment), positions.u32(row, Position.token));
      if (instrument < 0) {
        isWhole = false;
        continue;
      }
      // Products are the house's: where it is cleared, a share is one net.
      book.addPosition(ONLY, instrument, Product.CNC, unsettled(this.state, row) - coveredUnits(this.state, row));
      if (!rules.isShare(instrument)) continue;
      // A T+0 share delivers what is held under its own listing.
      const home = (rules.contracts[instrument * CONTRACT_STRIDE + Contract.home] as number) - 1;
      const held = home < 0 ? instrument : home;
      book.setHolding(ONLY, held, freeUnits(this.state, client, held) + lotUnits(this.state, client, held));
    }
    return isWhole;
  }
}

/**
 * Units of a position that the clearing corporation has not settled: all of it, but for funded lots (MTF), which it settled when they were bought.
 * What is sold out of them is below zero.
 */
const unsettled = (state: SlotState, row: number): number => state.positions.f64(row, Position.net) - fundedUnits(state, row);

/** Is nothing held, and nothing to be settled? */
const isFlat = (state: SlotState, row: number): boolean => state.positions.f64(row, Position.net) === 0 && fundedUnits(state, row) === 0;

/** Units of a share in funded lots, under either listing: they lie in the client's account and cover a sale as free units do; the product is the house's. */
function lotUnits(state: SlotState, client: number, instrument: number): number {
  const other = otherListing(state, instrument);
  return lotsUnder(state, client, instrument) + (other < 0 ? 0 : lotsUnder(state, client, other));
}

function lotsUnder({ fundings, rules }: SlotState, client: number, instrument: number): number {
  if (rules === undefined || fundings.rows <= 1) return 0;
  const row = fundings.find(client, rules.table.segment[instrument] as number, rules.table.token[instrument] as number);
  return row === 0 ? 0 : fundings.f64(row, Funding.units);
}

/** Exchange segment a position is margined in: its own, but for a share that nets with its listing on the other exchange. */
export function marginSegment(state: SlotState, position: number): number {
  const lead = leadOf(state, state.derived.instrumentOf(position));
  return lead < 0 ? state.positions.u8(position, Position.segment) : (state.rules?.table.segment[lead] as number);
}

/** Bit s = the client has an open position, or one that was funded lots, that is margined in exchange segment s. */
export function segmentsHeld(state: SlotState, client: number): number {
  const { derived } = state;
  let held = 0;
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row))
    if (!isFlat(state, row)) held |= 1 << marginSegment(state, row);
  return held;
}

/** Paise that the lines of one exchange segment ask, each net of its own relief. */
function requiredIn(book: MarginBook, segment: number): number {
  const { table } = book;
  let required = 0;
  for (const { underlying, instrument, requirement } of book.underlyingMargins(ONLY)) {
    const row = underlying >= 0 ? (table.firstInstrument[underlying] as number) : instrument;
    if (table.segment[row] === segment) required += requirement;
  }
  return required;
}
