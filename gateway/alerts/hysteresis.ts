// When a figure is bad, and when it is good again: two thresholds and two waits, so that a figure near the edge does not raise and clear by turns.
// Pure: time is passed in, milliseconds.

/** Raised when `value >= raiseAt` for raiseAfterMs; cleared when `value <= clearAt` for clearAfterMs. */
export interface HysteresisRule {
  readonly raiseAt: number;
  readonly clearAt: number;
  readonly raiseAfterMs: number;
  readonly clearAfterMs: number;
}

/** What a look at the figure changed. */
export type HysteresisChange = 'raise' | 'clear' | 'none';

export class Hysteresis {
  isRaised = false;
  private readonly rule: HysteresisRule;
  /** Since when the figure has stood on the other side; NaN while it does not. */
  private since = Number.NaN;

  constructor(rule: HysteresisRule) {
    this.rule = rule;
  }

  /** Looks at the figure at `now`. */
  update(value: number, now: number): HysteresisChange {
    const { rule } = this;
    const isAcross = this.isRaised ? value <= rule.clearAt : value >= rule.raiseAt;
    if (!isAcross) {
      this.since = Number.NaN;
      return 'none';
    }
    if (Number.isNaN(this.since)) this.since = now;
    if (now - this.since < (this.isRaised ? rule.clearAfterMs : rule.raiseAfterMs)) return 'none';
    this.isRaised = !this.isRaised;
    this.since = Number.NaN;
    return this.isRaised ? 'raise' : 'clear';
  }
}
