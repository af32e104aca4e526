// Time for the FIX layer, in one place so that tests can hold it.

/** Where time comes from. */
export interface Clock {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** Reading of this turn of the event loop, microseconds; 0 = not read yet. */
let reading = 0;

function forget(): void {
  reading = 0;
}

/**
 * The machine's clock, millisecond resolution, read once per turn of the event loop (a reading costs as much as encoding half a message).
 * It may step; the session tolerates it.
 */
export const systemClock: Clock = {
  now(): number {
    if (reading === 0) {
      reading = Date.now() * 1_000;
      queueMicrotask(forget);
    }
    return reading;
  },
};
