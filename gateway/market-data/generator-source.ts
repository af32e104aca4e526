// Market data made up from the parameter table in force: a seeded walk. For trying things where no feed is at hand; it says what it is.
import type { ParameterTable } from '../../engine/index.ts';
import type { InstrumentName, MarketDataPort, MarketDataSink } from './market-data-port.ts';
import { MarketTicks } from './market-ticks.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimulatedMarket } from './simulated-market.ts';

/** How the walk goes. */
export interface GeneratorOptions {
  readonly seed: number;
  readonly intervalMs: number;
}

export class GeneratorSource implements MarketDataPort {
  readonly kind = 'generator';
  readonly counters: Record<string, number> = { steps: 0 };
  private readonly options: GeneratorOptions;
  private readonly tableInForce: () => ParameterTable | undefined;
  private readonly random: SeededRandom;
  private market: SimulatedMarket | undefined;
  private ticks: MarketTicks | undefined;
  private wanted: readonly InstrumentName[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** Walks over the table `tableInForce` gives at each step; silent while there is none. */
  constructor(tableInForce: () => ParameterTable | undefined, options: GeneratorOptions) {
    this.tableInForce = tableInForce;
    this.options = options;
    this.random = new SeededRandom(options.seed);
  }

  get state(): 'connecting' | 'up' {
    return this.market === undefined ? 'connecting' : 'up';
  }

  get detail(): string {
    return this.market === undefined ? 'waiting for a parameter table' : `prices are made up from seed ${this.options.seed}`;
  }

  start(sink: MarketDataSink): void {
    this.timer ??= setInterval(() => this.step(sink, Date.now()), this.options.intervalMs);
  }

  want(instruments: readonly InstrumentName[]): void {
    this.wanted = instruments;
  }

  /** Moves the market once and delivers every wanted instrument; done by the timer. */
  step(sink: MarketDataSink, now: number): void {
    const table = this.tableInForce();
    if (table === undefined) return;
    if (this.market?.table !== table) {
      this.market = new SimulatedMarket(table, this.random, table.underlyings, table.instruments);
      this.ticks = new MarketTicks(this.market);
    }
    this.market.step();
    this.counters['steps'] = (this.counters['steps'] ?? 0) + 1;
    for (const { segment, token } of this.wanted) {
      const tick = this.ticks?.read(segment, token, now);
      if (tick !== undefined) sink.tick(tick);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
