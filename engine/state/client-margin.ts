// A client's margin taken apart: the margin book's lines, and one for each contract whose working orders ask by themselves. Reads state, allocates, changes
// nothing; never called while deciding.
import { aloneMargin } from '../margin/alone-margin.ts';
import { NO_PARTS, type UnderlyingMargin } from '../margin/underlying-margin.ts';
import { MarginBasis } from '../verdict.ts';
import { Order } from './order-table.ts';
import { Position } from './position-table.ts';
import { worksAlone } from './pre-open-orders.ts';
import { anyPreOpen } from './segment-gates.ts';
import type { SlotState } from './slot-state.ts';

/** Lines of the client, by symbol; none without parameters. */
export function marginLinesOf(state: SlotState, client: number): UnderlyingMargin[] {
  const { book } = state.derived;
  if (book === undefined) return [];
  const lines = [...book.underlyingMargins(client), ...alonePositions(state, client).map((row) => aloneLine(state, row))];
  return lines.sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
}

/** Adds what the client must have, working orders included, to the exchange segment of each line: paise. Credits between underlyings are not taken off. */
export function addRequirementBySegment(state: SlotState, client: number, into: Float64Array): void {
  state.derived.book?.addBySegment(client, into);
  for (const row of alonePositions(state, client)) {
    const segment = state.positions.u8(row, Position.segment);
    into[segment] = (into[segment] as number) + aloneLine(state, row).requirement;
  }
}

/** Position rows of the client whose working units net with nothing, oldest first. */
function alonePositions(state: SlotState, client: number): number[] {
  const { clientPositions } = state.derived;
  const rows: number[] = [];
  if (!anyPreOpen(state.meta)) return rows;
  for (let row = clientPositions.head(client); row !== 0; row = clientPositions.next(row)) if (worksAlone(state, row)) rows.push(row);
  return rows.reverse();
}

function aloneLine(state: SlotState, row: number): UnderlyingMargin {
  const { positions, derived, rules } = state;
  const instrument = derived.instrumentOf(row);
  const [buys, sells] = [positions.f64(row, Position.buyLeaves), positions.f64(row, Position.sellLeaves)];
  return {
    symbol: rules?.table.instrumentName(instrument) ?? '',
    underlying: -1,
    instrument,
    product: 0,
    basis: MarginBasis.GROSS,
    requirement: rules === undefined ? 0 : aloneMargin(rules, instrument, buys, sells),
    positionRequirement: 0,
    ...NO_PARTS,
    cash: 0,
    workingOrders: workingIn(state, row),
  };
}

/** Open orders that work in a position row. */
function workingIn(state: SlotState, position: number): number {
  const { orders, positions, derived } = state;
  const client = positions.u32(position, Position.client);
  let count = 0;
  for (let order = derived.openOrders.head(client); order !== 0; order = derived.openOrders.next(order))
    if (orders.u32(order, Order.position) === position) count += 1;
  return count;
}
