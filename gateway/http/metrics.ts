// /metrics in Prometheus text: the hot path's figures, what the shards report of themselves, and Node's own. Rendered on request.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { EventKind } from '../../engine/index.ts';
import { rejectName } from '../reject-text.ts';
import { type Figures, LATENCY_BOUNDS } from './figures.ts';

/** Gauges read when /metrics is asked for; a name may carry one label. */
export interface Gauges {
  readonly [name: string]: {
    readonly help: string;
    readonly read: () => number | readonly { readonly labels: Record<string, string>; readonly value: number }[];
  };
}

const nameOf = (table: Readonly<Record<string, number>>, number: number): string =>
  Object.keys(table).find((name) => table[name] === number) ?? `kind${number}`;

/** A function that renders the metrics page. */
export function metricsPage(figures: Figures, gauges: Gauges): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tarazu_' });
  countersOf(
    registry,
    { name: 'tarazu_commands_total', help: 'Commands taken from FIX by MsgType(35)', label: 'message' },
    figures.commands,
    (type) => String.fromCharCode(type),
  );
  countersOf(registry, { name: 'tarazu_reports_total', help: 'Reports sent over FIX', label: 'kind' }, figures.reports, (kind) =>
    nameOf(EventKind, kind),
  );
  countersOf(registry, { name: 'tarazu_rejects_total', help: 'Rejections by reason', label: 'code' }, figures.rejects, rejectName);
  countersOf(
    registry,
    { name: 'tarazu_business_rejects_total', help: 'BusinessMessageRejects by 380', label: 'reason' },
    figures.businessRejects,
    String,
  );
  for (const [name, gauge] of Object.entries(gauges)) addGauge(registry, name, gauge);
  return async () => `${await registry.metrics()}\n${latencyText(figures)}`;
}

interface CounterName {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}

function countersOf(registry: Registry, { name, help, label }: CounterName, counts: Float64Array, text: (index: number) => string): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect(): void {
      this.reset();
      for (const [index, value] of counts.entries()) if (value > 0) this.inc({ [label]: text(index) }, value);
    },
  });
}

function addGauge(registry: Registry, name: string, gauge: Gauges[string]): void {
  const first = gauge.read();
  const labelNames = typeof first === 'number' ? [] : [...new Set(first.flatMap(({ labels }) => Object.keys(labels)))];
  new Gauge({
    name,
    help: gauge.help,
    labelNames,
    registers: [registry],
    collect(): void {
      const value = gauge.read();
      this.reset();
      if (typeof value === 'number') this.set(value);
      else for (const sample of value) this.set(sample.labels, sample.value);
    },
  });
}

/** The latency histogram; written by hand because prom-client's cannot be filled from counts. */
function latencyText(figures: Figures): string {
  const name = 'tarazu_verdict_latency_seconds';
  const lines = [`# HELP ${name} From command stamped to verdict handed to the socket`, `# TYPE ${name} histogram`];
  let cumulative = 0;
  for (const [index, bound] of LATENCY_BOUNDS.entries()) {
    cumulative += figures.latency[index] ?? 0;
    lines.push(`${name}_bucket{le="${bound / 1e6}"} ${cumulative}`);
  }
  cumulative += figures.latency[LATENCY_BOUNDS.length] ?? 0;
  lines.push(`${name}_bucket{le="+Inf"} ${cumulative}`, `${name}_sum ${figures.latencySum / 1e6}`, `${name}_count ${cumulative}`, '');
  return lines.join('\n');
}
