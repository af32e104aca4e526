// How old the tables on disk are, from two counts looked at each second: commands folded, and commands the tables lack. Pure.

/** An hour of seconds; older than that is old enough. */
const LOOKS_MAX = 3_600;

export class CheckpointAge {
  private readonly looks: { readonly at: number; readonly folded: number }[] = [];
  private stored = 0;
  private now = 0;

  /** One look; `now` in milliseconds. */
  look(folded: number, lag: number, now: number): void {
    this.now = now;
    this.stored = folded - lag;
    this.looks.push({ at: now, folded });
    // What the tables have is of no more interest, but for the newest such look.
    while (this.looks.length > LOOKS_MAX || (this.looks[1]?.folded ?? Number.POSITIVE_INFINITY) <= this.stored) this.looks.shift();
  }

  /** Seconds since the first command the tables lack was folded, to the nearest look; 0 when they lack none. */
  get seconds(): number {
    const first = this.looks.find(({ folded }) => folded > this.stored);
    return first === undefined ? 0 : (this.now - first.at) / 1_000;
  }
}
