// What a walking market would send as ticks: the day's open, high and low as seen so far, open interest and five levels a side made up around the
// price. For the generator and for the server that plays a ticker.
import type { ParameterTable } from '../../engine/index.ts';
import { emptyTick, type Tick } from './market-data-port.ts';
import type { SimulatedMarket } from './simulated-market.ts';

const LEVELS = 5;

export class MarketTicks {
  private readonly market: SimulatedMarket;
  private readonly table: ParameterTable;
  /** One per instrument row that was asked for; its high and low are what was sent. */
  private readonly ticks = new Map<number, Tick>();

  constructor(market: SimulatedMarket) {
    this.market = market;
    this.table = market.table;
  }

  /** The instrument's tick at `now`, or undefined when the day does not have it. Owned here, changed by the next call for the same instrument. */
  read(segment: number, token: number, now: number): Tick | undefined {
    const row = this.table.find(segment, token);
    return row < 0 ? undefined : this.readRow(row, now);
  }

  /** The same by row of the table. */
  readRow(row: number, now: number): Tick {
    const price = this.market.price(row);
    const tick = this.ticks.get(row) ?? this.first(row, price);
    tick.price = price;
    tick.time = now;
    tick.high = Math.max(tick.high, price);
    tick.low = Math.min(tick.low, price);
    tick.volume += this.table.lot[row] ?? 1;
    this.fillDepth(row, tick);
    return tick;
  }

  private first(row: number, price: number): Tick {
    const tick = emptyTick();
    tick.segment = this.table.segment[row] ?? 0;
    tick.token = this.table.token[row] ?? 0;
    tick.open = price;
    tick.high = price;
    tick.low = price;
    tick.close = this.table.previousClose[row] ?? 0;
    tick.openInterest = (this.table.lot[row] ?? 1) * 1_000;
    tick.hasDepth = true;
    this.ticks.set(row, tick);
    return tick;
  }

  private fillDepth(row: number, tick: Tick): void {
    const step = this.table.tickSize[row] || 500;
    const lot = this.table.lot[row] ?? 1;
    for (let level = 0; level < LEVELS; level++) {
      this.fillLevel(tick, level, this.market.onTick(row, tick.price - (level + 1) * step), lot * (level + 1));
      this.fillLevel(tick, LEVELS + level, this.market.onTick(row, tick.price + (level + 1) * step), lot * (level + 1));
    }
  }

  private fillLevel(tick: Tick, level: number, price: number, quantity: number): void {
    tick.depth[level * 3] = quantity;
    tick.depth[level * 3 + 1] = price;
    tick.depth[level * 3 + 2] = 1;
  }
}
