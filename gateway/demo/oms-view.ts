// What the simulated OMS shows of itself: counters, the last verdicts, who uses how much margin. Plain data that crosses to the demo's process.

/** One verdict as the display tells it. */
export interface VerdictLine {
  readonly accepted: boolean;
  readonly text: string;
}

/** Margin of one client as the last report of it said, paise. */
export interface MarginUse {
  readonly account: string;
  readonly requirement: number;
  readonly available: number;
}

/** A snapshot, sent a few times a second. */
export interface OmsView {
  readonly connected: boolean;
  readonly session: string;
  readonly sent: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly fills: number;
  readonly verdictsPerSecond: number;
  readonly workingOrders: number;
  /** Milliseconds over the last few seconds, order out to verdict in. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** FIX sequence numbers: next to send, next expected. */
  readonly nextOut: number;
  readonly nextIn: number;
  readonly rejectsByReason: readonly (readonly [string, number])[];
  readonly topMargin: readonly MarginUse[];
  readonly lastVerdicts: readonly VerdictLine[];
  /** OrderID(37) of a recent accepted and of a recent rejected order, to try explain with; '' before the first. */
  readonly someOrder: string;
  readonly someRejected: string;
  readonly someAccount: string;
}

/** Collects what the view shows. */
export class OmsCounters {
  sent = 0;
  accepted = 0;
  rejected = 0;
  fills = 0;
  someOrder = '';
  someRejected = '';
  someAccount = '';
  private readonly reasons = new Map<string, number>();
  private readonly margin = new Map<string, MarginUse>();
  private readonly verdicts: VerdictLine[] = [];
  private latencies: number[] = [];
  private verdictTimes: number[] = [];

  /** One verdict came after `millis`. */
  verdict(line: VerdictLine, millis: number, now: number, reason: string): void {
    if (line.accepted) this.accepted += 1;
    else {
      this.rejected += 1;
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    }
    this.verdicts.push(line);
    if (this.verdicts.length > 12) this.verdicts.shift();
    this.latencies.push(millis);
    this.verdictTimes.push(now);
    if (this.latencies.length > 4000) this.latencies = this.latencies.slice(-2000);
    if (this.verdictTimes.length > 20_000) this.verdictTimes = this.verdictTimes.slice(-10_000);
  }

  /** A report said where a client's margin stands. */
  marginOf(use: MarginUse): void {
    this.margin.set(use.account, use);
  }

  /** The snapshot; `now` in milliseconds. */
  view(now: number, session: Pick<OmsView, 'connected' | 'session' | 'nextOut' | 'nextIn' | 'workingOrders'>): OmsView {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    const rank = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return {
      ...session,
      sent: this.sent,
      accepted: this.accepted,
      rejected: this.rejected,
      fills: this.fills,
      verdictsPerSecond: this.verdictTimes.filter((time) => now - time < 2000).length / 2,
      latencyP50: rank(0.5),
      latencyP99: rank(0.99),
      rejectsByReason: [...this.reasons].sort((a, b) => b[1] - a[1]),
      topMargin: [...this.margin.values()].sort((a, b) => b.requirement - a.requirement).slice(0, 6),
      lastVerdicts: [...this.verdicts],
      someOrder: this.someOrder,
      someRejected: this.someRejected,
      someAccount: this.someAccount,
    };
  }
}
