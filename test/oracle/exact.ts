// Exact integer arithmetic for the oracle. Owns the conversions between the oracle's BigInt amounts and the numbers in tables and
// records, and the few roundings the specification names. No double is ever multiplied here.

/** Micros (1e-6 rupee) in one paisa. */
export const MICROS_IN_PAISA = 10_000n;
/** Micros in one tick (1e-4 rupee). */
export const MICROS_IN_TICK = 100n;

/** A whole number out of a table or a record; throws when it is not whole, because then the oracle would not be exact. */
export function whole(value: number | undefined): bigint {
  if (value === undefined || !Number.isSafeInteger(value)) throw new RangeError(`oracle: ${String(value)} is not a whole number`);
  return BigInt(value);
}

/** Absolute value. */
export const abs = (value: bigint): bigint => (value < 0n ? -value : value);
/** The larger of two. */
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
/** The smaller of two. */
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Quotient rounded half away from zero; divisor positive. */
export function divideHalfAway(value: bigint, divisor: bigint): bigint {
  const magnitude = (2n * abs(value) + divisor) / (2n * divisor);
  return value < 0n ? -magnitude : magnitude;
}

/** Quotient rounded away from zero (a cost is never rounded away); divisor positive. */
export function divideAway(value: bigint, divisor: bigint): bigint {
  const magnitude = (abs(value) + divisor - 1n) / divisor;
  return value < 0n ? -magnitude : magnitude;
}

/** Quotient rounded up (towards plus infinity); divisor positive. */
export function divideUp(value: bigint, divisor: bigint): bigint {
  return value > 0n ? (value + divisor - 1n) / divisor : -(-value / divisor);
}
