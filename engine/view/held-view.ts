// Which instruments some client of a slot holds or works, as plain objects: whoever supplies prices needs no others. Reads state, changes nothing.
import { assert } from '../assert.ts';
import { META_ROW } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';

/** An instrument by exchange segment and token. */
export interface HeldInstrument {
  readonly segment: number;
  readonly token: number;
}

/** Instruments with an open position or a working order in the slot, each once. */
export function heldInstruments(state: SlotState): HeldInstrument[] {
  assert(state.meta.rows > META_ROW, 'slot without meta row');
  const { positions } = state;
  const seen = new Map<number, HeldInstrument>();
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row)) continue;
    const isIdle =
      positions.f64(row, Position.net) === 0 && positions.f64(row, Position.buyLeaves) === 0 && positions.f64(row, Position.sellLeaves) === 0;
    if (isIdle) continue;
    const [segment, token] = [positions.u8(row, Position.segment), positions.u32(row, Position.token)];
    seen.set(token * 16 + segment, { segment, token });
  }
  return [...seen.values()];
}
