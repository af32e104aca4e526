// A prom-client histogram drawn from counts that others keep in typed arrays: prom-client's own observe() costs more than what it would measure.
import { Histogram, type MetricObjectWithValues, type MetricType, type MetricValueWithName } from 'prom-client';

/** One series: counts within each bound (not cumulative, the last above all) and the sum, both in microseconds. */
export interface CountedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: Float64Array;
  readonly sum: number;
}

/** What the histogram is called, and where its series are read. */
export interface CountedHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Upper bounds, microseconds. */
  readonly bounds: readonly number[];
  readonly read: () => readonly CountedSeries[];
}

const MICROS = 1e6;
/** prom-client declares its types as an enum that its JavaScript does not have. */
const TYPE = 'histogram' as unknown as MetricType;

export class CountedHistogram extends Histogram {
  private readonly options: CountedHistogramOptions;

  /** Not in any registry yet: registerMetric adds it. */
  constructor(options: CountedHistogramOptions) {
    super({
      name: options.name,
      help: options.help,
      labelNames: [...options.labelNames],
      buckets: options.bounds.map((bound) => bound / MICROS),
      registers: [],
    });
    this.options = options;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const { name, help, read } = this.options;
    return { name, help, type: TYPE, aggregator: 'sum', collect: () => undefined, values: read().flatMap((series) => this.valuesOf(series)) };
  }

  /** What the registry asks for when it draws the page. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    return this.get();
  }

  private valuesOf({ labels, counts, sum }: CountedSeries): MetricValueWithName<string>[] {
    const { name, bounds } = this.options;
    let cumulative = 0;
    const buckets = bounds.map((bound, index) => {
      cumulative += counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bound / MICROS }, value: cumulative };
    });
    const count = cumulative + (counts[bounds.length] ?? 0);
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels, value: sum / MICROS },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
