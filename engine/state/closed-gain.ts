// What a client's derivatives closed today have gained: the part of the day's result that the clearing corporation calls crystallised, beside
// premium. Derived from the positions' realised sums; futures only, because an option's result is its premium. 0 on days before the rule
// (engine/rules).
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { isOption } from '../instrument.ts';
import { isCrystallised } from '../rules/order-rules.ts';
import { ClientSide } from './client-table.ts';
import { META_ROW, Meta } from './meta-table.ts';
import { Position } from './position-table.ts';
import type { RowTable } from './row-table.ts';
import type { SlotState } from './slot-state.ts';

const CLOSED_GAIN = ClientSide.closedGain >> 3;

/** Takes what a position has realised out of (-1) or puts it into (+1) the client's sum; shares have no part in it. */
export function countClosedGain(state: SlotState, position: number, sign: number): void {
  const { positions, clients, meta } = state;
  const realised = positions.f64(position, Position.realised);
  if (realised === 0 || isCashSegment(positions.u8(position, Position.segment)) || isOption(positions.u8(position, Position.kind))) return;
  if (!isCrystallised(meta.u32(META_ROW, Meta.businessDate))) return;
  const at = clients.word(positions.u32(position, Position.client)) + CLOSED_GAIN;
  const { f64s } = clients.arena;
  f64s[at] = (f64s[at] as number) + sign * realised;
}

/** Tick-units, a gain positive. */
export function closedGain(clients: RowTable, client: number): number {
  return clients.arena.f64s[clients.word(client) + CLOSED_GAIN] as number;
}
