// Which working orders ask their margin by themselves: futures on equity underlyings while their segment is in its pre-open session, since the rule of
// rules/margin-rules.ts. Such orders are not in the margin book; what they ask follows from the working units of their position row alone, so that a
// restart and a change of session find the same figure. The rule goes by the gate as it stands: one set for a time is carried over by the Tick.
import { ExchangeSegment, InstrumentKind } from '../instrument.ts';
import { aloneMargin } from '../margin/alone-margin.ts';
import { CONTRACT_STRIDE, Contract } from '../margin/contract-row.ts';
import { isPreOpenGross } from '../rules/order-rules.ts';
import { META_ROW, Meta } from './meta-table.ts';
import { Position } from './position-table.ts';
import { gateOf, SegmentGate } from './segment-gates.ts';
import type { SlotState } from './slot-state.ts';

/** Does an order in this row of the table (-1: none) ask its margin by itself now? */
export function isMarginedAlone(state: SlotState, segment: number, instrument: number): boolean {
  const { meta } = state;
  if (gateOf(meta, segment) !== SegmentGate.PRE_OPEN) return false;
  const { rules } = state;
  if (rules === undefined || instrument < 0 || (segment !== ExchangeSegment.NFO && segment !== ExchangeSegment.BFO)) return false;
  const kind = rules.contracts[instrument * CONTRACT_STRIDE + Contract.kind];
  return kind === InstrumentKind.FUT && isPreOpenGross(meta.u32(META_ROW, Meta.businessDate));
}

/** Counts (sign 1) or takes back (-1) what the working units of a position row ask by themselves. Where isMarginedAlone() says so. */
export function countAlone(state: SlotState, position: number, sign: 1 | -1): void {
  const { positions, derived, rules } = state;
  const { book } = derived;
  if (book === undefined || rules === undefined) return;
  const paise = aloneMargin(
    rules,
    derived.instrumentOf(position),
    positions.f64(position, Position.buyLeaves),
    positions.f64(position, Position.sellLeaves),
  );
  book.addApart(positions.u32(position, Position.client), sign * paise);
}

/** Does the position row have working units that ask by themselves? */
export function worksAlone(state: SlotState, position: number): boolean {
  const { positions, derived } = state;
  const units = positions.f64(position, Position.buyLeaves) + positions.f64(position, Position.sellLeaves);
  return units > 0 && isMarginedAlone(state, positions.u8(position, Position.segment), derived.instrumentOf(position));
}
