// Counts the hot path keeps for /metrics: plain numbers in typed arrays, so that counting costs nothing; metrics.ts renders them.
import { observeStage, STAGE_BOUNDS, STAGE_CELLS, type StageHistogram } from '../../workers/index.ts';

/** Upper bounds of the verdict's latency buckets, microseconds. */
export const LATENCY_BOUNDS: readonly number[] = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000];
const REJECT_CODES_MAX = 256;

/** Stages of an order in the gateway's own thread; those of a shard are in workers/stage-times.ts. */
export const GATEWAY_STAGES = ['decode', 'log', 'socket'] as const;
export type GatewayStage = (typeof GATEWAY_STAGES)[number];

/** What the WebSocket stream counts of itself. */
export interface StreamFigures {
  /** Open channels now. */
  connections: number;
  /** Topics subscribed to now, over all channels. */
  subscriptions: number;
  /** Messages handed to sockets. */
  messages: number;
  /** Changes that went into a later message with others, instead of one of their own. */
  conflated: number;
  /** Times a subscriber was too slow or resumed too late and got a fresh snapshot. */
  gaps: number;
  /** Upgrades and subscriptions refused. */
  refused: number;
}

export class Figures {
  /** Commands taken from FIX, by MsgType(35) code (index). */
  readonly commands: Float64Array = new Float64Array(128);
  /** Reports sent, by event kind (index). */
  readonly reports: Float64Array = new Float64Array(64);
  /** Rejections by RejectCode (index). */
  readonly rejects: Float64Array = new Float64Array(REJECT_CODES_MAX);
  /** BusinessMessageRejects by 380 value (index). */
  readonly businessRejects: Float64Array = new Float64Array(16);
  /** Verdicts within each latency bound, then those above all. Not cumulative. */
  readonly latency: Float64Array = new Float64Array(LATENCY_BOUNDS.length + 1);
  latencySum = 0;
  /** Messages of the counterparty's ResendRequests sent again. */
  resent = 0;
  /** Of the WebSocket stream, kept by it. */
  readonly stream: StreamFigures = { connections: 0, subscriptions: 0, messages: 0, conflated: 0, gaps: 0, refused: 0 };
  private readonly stages: Float64Array = new Float64Array(GATEWAY_STAGES.length * STAGE_CELLS);

  /** Records the microseconds from command to report. */
  observeLatency(elapsed: number): void {
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS.length && elapsed > (LATENCY_BOUNDS[bucket] ?? 0)) bucket += 1;
    this.latency[bucket] = (this.latency[bucket] ?? 0) + 1;
    this.latencySum += elapsed;
  }

  /** Records `count` times `elapsed` microseconds of a stage; once per batch. */
  observeStage(stage: GatewayStage, elapsed: number, count: number): void {
    observeStage(this.stages, GATEWAY_STAGES.indexOf(stage) * STAGE_CELLS, elapsed, count);
  }

  /** A stage's histogram over STAGE_BOUNDS. */
  stage(stage: GatewayStage): StageHistogram {
    const at = GATEWAY_STAGES.indexOf(stage) * STAGE_CELLS;
    return { counts: this.stages.subarray(at, at + STAGE_BOUNDS.length + 1), sum: this.stages[at + STAGE_CELLS - 1] ?? 0 };
  }

  /** Adds one to a counter. */
  static count(counters: Float64Array, index: number): void {
    counters[index] = (counters[index] ?? 0) + 1;
  }
}
