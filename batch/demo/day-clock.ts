// The clock of a rehearsed day: it jumps from one thing to do to the next, and runs fast while people trade. Microseconds since 1970.
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest sleep between two looks at what has come to be ready, milliseconds. */
const LOOK_MILLIS = 200;

export class DayClock {
  private at: number;
  private run: { readonly from: number; readonly until: number; readonly speed: number; readonly began: number } | undefined;

  constructor(micros: number) {
    this.at = micros;
  }

  /** Never steps back. */
  now(): number {
    const { run } = this;
    if (run !== undefined) this.at = Math.max(this.at, Math.min(run.until, run.from + (performance.now() - run.began) * 1_000 * run.speed));
    return Math.floor(this.at);
  }

  /** To an instant, or nowhere when that is past. */
  jump(micros: number): void {
    this.at = Math.max(this.now(), micros);
  }

  /** From now on time passes `speed` times as fast as it does, from one instant and up to another. */
  start(from: number, until: number, speed: number): void {
    this.jump(from);
    this.run = { from, until, speed, began: performance.now() };
  }

  /** Time stands where it is. */
  stop(): void {
    this.now();
    this.run = undefined;
  }

  /** Waits until the instant, or a moment when it is far. */
  async wait(micros: number): Promise<void> {
    const { speed } = this.run ?? { speed: 1 };
    await sleep(Math.min(LOOK_MILLIS, Math.max(1, (micros - this.now()) / 1_000 / speed)));
  }
}
