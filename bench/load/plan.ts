// What the load client is told and what it answers; plain data, because it crosses a process boundary as JSON.
import type { LatencySummary } from '../histogram.ts';
import type { OrderTemplate } from './order-stream.ts';

/** Open: orders leave by a schedule whatever comes back. Window: a fixed number is in flight, the next leaves when a verdict arrives. */
export type Phase =
  | { readonly mode: 'open'; readonly label: string; readonly perSecond: number; readonly seconds: number }
  | { readonly mode: 'window'; readonly label: string; readonly inFlight: number; readonly count: number };

/** One connection's work: the phases run one after the other over it. */
export interface LoadPlan {
  readonly port: number;
  /** false against the bare echo, which knows no sessions. */
  readonly logon: boolean;
  readonly sender: string;
  readonly target: string;
  /** Part of each phase, from its start, that is not counted: 0.2 = the first fifth. */
  readonly warmUp: number;
  /** Number of the first order: ClOrdIDs must not repeat between connections of one day. */
  readonly firstNumber: number;
  readonly orders: readonly OrderTemplate[];
  readonly phases: readonly Phase[];
}

/** What one phase measured. */
export interface PhaseResult {
  readonly label: string;
  readonly sent: number;
  readonly answered: number;
  /** Answers that were not a verdict: BusinessMessageReject or session Reject. */
  readonly refused: number;
  /** Verdicts per second over the counted part. */
  readonly perSecond: number;
  readonly latency: LatencySummary;
  /** Worst lateness of a send against its planned time, microseconds: contained in the latencies. */
  readonly worstLateness: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** First answer of the phase, SOH shown as |, to see what was measured. */
  readonly sample: string;
}
