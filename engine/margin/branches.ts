// The branches a requirement is the maximum over, as positions in a packed row. Per scan tier: the 16 scenarios and "scan floored at 0".
// Per underlying as a whole: "SPAN floored at 0" and the short option minimum.
import { SCENARIOS } from '../parameters/parameter-table.ts';

/** Branches of a tier: scenarios 0..15, then the floor. */
export const SCAN_BRANCHES: number = SCENARIOS + 1;
/** Scan of the tier floored at 0; net option value still counts. */
export const FLOOR: number = SCENARIOS;
/** SPAN of the underlying floored at 0: exposure and premium alone. */
export const SPAN_ZERO: number = SCENARIOS + 1;
/** Short option minimum of calls, of puts; both hold the sum of the two where the commodity's method is GROSS. */
export const SOM_CALLS: number = SCENARIOS + 2;
export const SOM_PUTS: number = SCENARIOS + 3;
export const BRANCHES: number = SCENARIOS + 4;
/** Where, among a contract's working parts, the scan branches without calendar charge begin: net long, then net short. */
export const UNCHARGED: number = 2 * BRANCHES;
/** A contract's working orders: BRANCHES sums as if it ended net long, BRANCHES as if net short, then both again without calendar charge. */
export const WORKING_STRIDE: number = UNCHARGED + 2 * SCAN_BRANCHES;
