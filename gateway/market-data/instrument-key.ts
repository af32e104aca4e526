// An instrument as one number, for maps: tokens below 2^26 give small integers, which V8 keeps unboxed.
const SEGMENTS = 16;

/** Number of an instrument; segments are below 16. */
export const keyOf = (segment: number, token: number): number => token * SEGMENTS + segment;

/** Segment of a key. */
export const segmentOf = (key: number): number => key % SEGMENTS;

/** Token of a key. */
export const tokenOf = (key: number): number => Math.floor(key / SEGMENTS);
