// Position rows come into being here: with the first order or the first trade in an instrument.
import { KIND_UNKNOWN, Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';

/** Row of the position, added empty when there is none. `product` is 0 for derivatives. */
export function openPosition(state: SlotState, client: number, segment: number, token: number, product: number): number {
  const { positions, derived } = state;
  const found = positions.find(client, segment, token, product);
  if (found !== 0) return found;
  const row = positions.add(client, segment, token, product);
  derived.addPosition(row);
  const instrument = derived.instrumentOf(row);
  positions.setU8(row, Position.kind, instrument < 0 ? KIND_UNKNOWN : (derived.parameters?.kind[instrument] ?? KIND_UNKNOWN));
  return row;
}
