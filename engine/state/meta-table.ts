// What a slot knows of itself: how far it folded, the day, the policy, the parameter table in force. One row.
import type { Arena } from './arena.ts';
import { RowTable } from './row-table.ts';

/** The only row. */
export const META_ROW = 1;

export const Meta = {
  owner: 0,
  dayStatus: 4,
  firmKilled: 5,
  ruleSet: 6,
  sequence: 8,
  time: 16,
  businessDate: 24,
  breaksDropped: 28,
  cashRateFloor: 32,
  spanMultiplier: 40,
  maxOrderValue: 48,
  confirmWithin: 56,
  /** Lower-case hex of the parameter table's content hash; empty before the first LoadParameters. */
  tableHash: 64,
  tableLabel: 128,
  /** Two bits per exchange segment: see segment-gates.ts. */
  segmentGates: 192,
  /** Marks of margin use, 1/10,000: see lifecycle/utilisation.ts; 0 = not watched. */
  alertAt: 196,
  enterAt: 198,
  leaveBelow: 200,
  /** Bit s = exchange segment s has its settlement prices; bit s = it was closed for the day. */
  settledSegments: 202,
  closedSegments: 203,
  /** Bit n = margin snapshot n of the day was taken. */
  snapshots: 204,
  /** Content hash of the parameter table the business date began under: what peak margins are computed by. Empty until one of that date is loaded. */
  openingHash: 208,
  /**
   * Two bits per exchange segment: 0, or 1 + the gate that takes effect at opensAt (EpochMicros, a double per segment): see segment-gates.ts. Bit 16 + s: a
   * pre-open session of exchange segment s goes before it.
   */
  scheduledGates: 272,
  /** Rupees the house funds one client with at most (MTF), whatever the client is sanctioned; 0 = the house funds nobody. */
  fundingLimit: 276,
  opensAt: 280,
  /** Bit s = the member is in risk-reduction mode at the clearing corporation of exchange segment s. */
  memberReducing: 344,
  /** Bit s = margin in exchange segment s is taken from a slice of the member's; and the slices: see slices.ts. */
  slicedSegments: 345,
  /** How near and how far the stop-loss of a cover order may be, 1/10,000 of its price; coverMost 0 = the house takes no cover orders. */
  coverLeast: 346,
  coverMost: 348,
  /** How far the target of a bracket order may be, 1/10,000 of its price; 0 = the house takes no bracket orders. */
  targetMost: 350,
  slices: 352,
  /** When a hedge was last looked for on behalf of a refused order, EpochMicros: see lifecycle/refusal-hedge.ts. */
  hedgeSearchedAt: 424,
  BYTES: 432,
} as const;
export const TABLE_HASH_BYTES = 64;
export const TABLE_LABEL_BYTES = 64;

/** meta.dayStatus. */
export const DayStatus = { NEVER_OPENED: 0, OPEN: 1, CLOSED: 2 } as const;

/** A meta table; the slot allocates its one row. */
export function newMetaTable(id: number, arena?: Arena): RowTable {
  return new RowTable('meta', id, Meta.BYTES, { firstRows: 2, arena });
}
