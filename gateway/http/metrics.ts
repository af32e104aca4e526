// /metrics in Prometheus text: the hot path's figures, what the shards report of themselves, what gauges read, and Node's own. Drawn on request. No
// label names a client: what has one series per account belongs to the API.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { EventKind } from '../../engine/index.ts';
import { SHARD_STAGES, STAGE_BOUNDS, type StageTimes } from '../../workers/index.ts';
import { rejectName } from '../reject-text.ts';
import type { SpanExporter } from '../trace/span-exporter.ts';
import type { HttpHandler } from './adapter/http-adapter.ts';
import { CountedHistogram, type CountedSeries } from './counted-histogram.ts';
import { type Figures, GATEWAY_STAGES, LATENCY_BOUNDS } from './figures.ts';
import { type LabelledRoute, measured } from './measured.ts';

/** One sample of a gauge with labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Figures read when /metrics is asked for. */
export interface Gauges {
  readonly [name: string]: {
    readonly help: string;
    /** A count that only grows ends in _total and is a counter. */
    readonly kind?: 'gauge' | 'counter';
    /** Names of the labels; none when a plain number is read. */
    readonly labels?: readonly string[];
    readonly read: () => number | readonly Sample[];
  };
}

const nameOf = (table: Readonly<Record<string, number>>, number: number): string =>
  Object.keys(table).find((name) => table[name] === number) ?? `kind${number}`;

/** The metrics of one gateway. */
export class Metrics {
  private readonly registry: Registry;
  private readonly spans: SpanExporter;

  /** `stages` are the shards'; spans of measured requests go to `spans`. */
  constructor(parts: { readonly figures: Figures; readonly gauges: Gauges; readonly stages: readonly StageTimes[]; readonly spans: SpanExporter }) {
    this.registry = metricsRegistry(parts.figures, parts.gauges, parts.stages);
    this.spans = parts.spans;
  }

  /** The page a scraper gets. */
  page(): Promise<string> {
    return this.registry.metrics();
  }

  /** `handler` with every request timed by route and status, and traced. Once per gateway. */
  measure(handler: HttpHandler, routes: readonly LabelledRoute[]): HttpHandler {
    return measured(handler, routes, this.registry, this.spans);
  }
}

function metricsRegistry(figures: Figures, gauges: Gauges, stages: readonly StageTimes[]): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tarazu_' });
  for (const [name, gauge] of Object.entries({ ...figureGauges(figures), ...gauges })) addGauge(registry, name, gauge);
  registry.registerMetric(
    new CountedHistogram({
      name: 'tarazu_verdict_latency_seconds',
      help: 'From command stamped to its verdict taken to be written to the session',
      labelNames: [],
      bounds: LATENCY_BOUNDS,
      read: () => [{ labels: {}, counts: figures.latency, sum: figures.latencySum }],
    }),
  );
  registry.registerMetric(
    new CountedHistogram({
      name: 'tarazu_stage_duration_seconds',
      help: 'Where an order spends its time. decode and fold: per message, averaged over its batch; ring_wait: the oldest command of each batch; journal, log, socket: per write. Every eighth is timed',
      labelNames: ['stage', 'shard'],
      bounds: STAGE_BOUNDS,
      read: () => stageSeries(figures, stages),
    }),
  );
  return registry;
}

function stageSeries(figures: Figures, stages: readonly StageTimes[]): CountedSeries[] {
  const own = GATEWAY_STAGES.map((stage) => ({ labels: { stage, shard: 'gateway' }, ...figures.stage(stage) }));
  const theirs = stages.flatMap((times, shard) =>
    SHARD_STAGES.map((stage) => ({ labels: { stage: stage === 'ringWait' ? 'ring_wait' : stage, shard: String(shard) }, ...times.histogram(stage) })),
  );
  return [...own, ...theirs];
}

function figureGauges(figures: Figures): Gauges {
  const counted = (help: string, label: string, counts: Float64Array, text: (index: number) => string): Gauges[string] => ({
    help,
    kind: 'counter',
    labels: [label],
    read: () => [...counts.entries()].filter(([, value]) => value > 0).map(([index, value]) => ({ labels: { [label]: text(index) }, value })),
  });
  const { stream } = figures;
  return {
    tarazu_commands_total: counted('Commands taken from FIX by MsgType(35)', 'message', figures.commands, (type) => String.fromCharCode(type)),
    tarazu_reports_total: counted('Reports sent over FIX', 'kind', figures.reports, (kind) => nameOf(EventKind, kind)),
    tarazu_rejects_total: counted('Rejections by reason', 'code', figures.rejects, rejectName),
    tarazu_business_rejects_total: counted('BusinessMessageRejects by 380', 'reason', figures.businessRejects, String),
    tarazu_reports_resent_total: { help: 'Reports sent again because the counterparty asked', kind: 'counter', read: () => figures.resent },
    tarazu_stream_connections: { help: 'WebSocket channels open', read: () => stream.connections },
    tarazu_stream_subscriptions: { help: 'Topics subscribed to, over all channels', read: () => stream.subscriptions },
    tarazu_stream_messages_total: { help: 'Messages handed to WebSockets', kind: 'counter', read: () => stream.messages },
    tarazu_stream_conflated_total: { help: 'Changes that went into a later message with others', kind: 'counter', read: () => stream.conflated },
    tarazu_stream_gaps_total: {
      help: 'Fresh snapshots because a subscriber was too slow or came too late',
      kind: 'counter',
      read: () => stream.gaps,
    },
    tarazu_stream_refused_total: { help: 'Upgrades and subscriptions refused', kind: 'counter', read: () => stream.refused },
  };
}

function addGauge(registry: Registry, name: string, gauge: Gauges[string]): void {
  const options = { name, help: gauge.help, labelNames: [...(gauge.labels ?? [])], registers: [registry] };
  if (gauge.kind === 'counter')
    new Counter({
      ...options,
      collect(): void {
        this.reset();
        for (const { labels, value } of samplesOf(gauge)) this.inc({ ...labels }, value);
      },
    });
  else
    new Gauge({
      ...options,
      collect(): void {
        this.reset();
        for (const { labels, value } of samplesOf(gauge)) this.set({ ...labels }, value);
      },
    });
}

function samplesOf(gauge: Gauges[string]): readonly Sample[] {
  const value = gauge.read();
  return typeof value === 'number' ? [{ labels: {}, value }] : value;
}
