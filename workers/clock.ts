// Command time: microseconds since the epoch that never step back, whatever the wall clock does. The only clock of the process that
// reaches a command.

/** How often the wall clock is looked at; in between a monotonic counter gives the microseconds. */
const RESYNC_MS = 1000;

/** Further than this from the fine clock, the wall clock was set. */
const WALL_STEP_MS = 5;

/** The wall clock with its microseconds: Date.now() alone is up to a millisecond late, which would look like waiting in every latency. */
function fineWall(): number {
  const fine = performance.timeOrigin + performance.now();
  const wall = Date.now();
  return Math.abs(fine - wall) > WALL_STEP_MS ? wall : fine;
}

/** Gives command times; one per process. */
export class CommandClock {
  private last: number;
  private readonly wall: () => number;
  private readonly counter: () => number;
  private wallAt = 0;
  private counterAt = Number.NEGATIVE_INFINITY;

  /** `last` is the latest time already used (recovered); `wall` and `counter` give milliseconds. */
  constructor(last: number, wall: () => number = fineWall, counter: () => number = () => performance.now()) {
    this.last = last;
    this.wall = wall;
    this.counter = counter;
  }

  /** Now, or the last time given where the clock has stepped back. EpochMicros. */
  now(): number {
    const counter = this.counter();
    if (counter - this.counterAt >= RESYNC_MS) {
      this.wallAt = this.wall();
      this.counterAt = counter;
    }
    const time = Math.floor((this.wallAt + (counter - this.counterAt)) * 1000);
    if (time > this.last) this.last = time;
    return this.last;
  }
}
