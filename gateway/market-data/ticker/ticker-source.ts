// Market data from a ticker: spreads the wanted instruments over as many connections as they need and the ticker allows.
import type { InstrumentName, MarketDataPort, MarketDataSink } from '../market-data-port.ts';
import { type ConnectionCounters, type ConnectionOptions, TickerConnection } from './ticker-connection.ts';
import { instrumentTokenOf } from './ticker-layout.ts';

/** What the ticker allows one key. */
export const TOKENS_PER_CONNECTION = 3_000;
export const CONNECTIONS_MAX = 3;

export class TickerSource implements MarketDataPort {
  readonly kind = 'ticker';
  private readonly options: ConnectionOptions;
  private connections: TickerConnection[] = [];
  private sink: MarketDataSink | undefined;
  /** Instruments beyond what the connections carry. */
  private left = 0;
  private tokens: readonly number[] = [];

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  get state(): 'connecting' | 'up' | 'down' {
    if (this.connections.length > 0 && this.connections.every(({ isUp }) => isUp)) return 'up';
    return this.connections.some(({ counters }) => counters.connects > 0) ? 'down' : 'connecting';
  }

  get detail(): string {
    const down = this.connections.find(({ isUp }) => !isUp);
    if (down !== undefined) return `ticker is down: ${down.problem}`;
    return `ticker is up, ${this.tokens.length - this.left} instruments on ${this.connections.length} connections${this.left > 0 ? `, ${this.left} too many` : ''}`;
  }

  get counters(): Readonly<Record<string, number>> {
    const sum = (name: keyof ConnectionCounters): number => this.connections.reduce((total, { counters }) => total + counters[name], 0);
    return {
      connects: sum('connects'),
      disconnects: sum('disconnects'),
      frames: sum('frames'),
      heartbeats: sum('heartbeats'),
      malformed: sum('malformed'),
      unsubscribed: this.left,
    };
  }

  start(sink: MarketDataSink): void {
    this.sink = sink;
    this.connectionAt(0);
    this.subscribe();
  }

  want(instruments: readonly InstrumentName[]): void {
    this.tokens = instruments.map(({ segment, token }) => instrumentTokenOf(segment, token)).sort((a, b) => a - b);
    this.subscribe();
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.stop();
    this.sink = undefined;
  }

  private subscribe(): void {
    if (this.sink === undefined) return;
    const carried = this.tokens.slice(0, TOKENS_PER_CONNECTION * CONNECTIONS_MAX);
    this.left = this.tokens.length - carried.length;
    const count = Math.max(1, Math.ceil(carried.length / TOKENS_PER_CONNECTION), this.connections.length);
    for (let index = 0; index < count; index++)
      this.connectionAt(index)?.subscribe(carried.slice(index * TOKENS_PER_CONNECTION, (index + 1) * TOKENS_PER_CONNECTION));
  }

  private connectionAt(index: number): TickerConnection | undefined {
    if (this.connections[index] === undefined && this.sink !== undefined) {
      const connection = new TickerConnection(this.options, this.sink);
      this.connections.push(connection);
      connection.start();
    }
    return this.connections[index];
  }
}
