// Prices for the demo and the feed generator: each underlying walks at random within a few per cent of its file price, contracts follow by their
// delta. A toy that keeps prices on the tick and inside the day's band, so that orders priced from it are sound unless meant not to be.
import { ExchangeSegment, InstrumentFlag, InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How far the walk may take an underlying from where it started. */
const REACH = 0.025;
/** Deviation of one step. */
const STEP = 0.0004;
/** Contracts of one underlying, nearest the money first. */
const CONTRACTS_PER_UNDERLYING = 16;
/** Cash instruments traded beside them, at each exchange. */
const CASH_INSTRUMENTS = 24;
/** Currency and commodity underlyings traded beside them, of each the nearest futures. */
const BESIDE_UNDERLYINGS = 7;
const BESIDE_CONTRACTS = 3;

/** Not of the mix: T+0 has hours and orders of its own. */
const NOT_MIXED = InstrumentFlag.BANNED | InstrumentFlag.TRADE_TO_TRADE | InstrumentFlag.SAME_DAY;

/** Currency and commodity. */
const BESIDE_SEGMENTS: ReadonlySet<number> = new Set([ExchangeSegment.CDS, ExchangeSegment.BCD, ExchangeSegment.MCX]);

export class SimulatedMarket {
  readonly table: ParameterTable;
  /** Instrument rows the demo trades. */
  readonly rows: readonly number[];
  /** Rows of NSE's T+0 session; none on a day without one. */
  readonly sessionRows: readonly number[];
  private readonly random: SeededRandom;
  /** Relative move of each underlying since the start. */
  private readonly moved: Float64Array;
  private readonly cashMoved: Float64Array;

  /**
   * Trades the first `underlyings` commodities of the file that have a live price, some of currency and commodity, and the first `cash` shares of
   * each exchange.
   */
  constructor(table: ParameterTable, random: SeededRandom, underlyings: number, cash: number = CASH_INSTRUMENTS) {
    this.table = table;
    this.random = random;
    this.moved = new Float64Array(table.underlyings);
    this.cashMoved = new Float64Array(table.instruments);
    this.rows = tradedRows(table, underlyings, cash);
    this.sessionRows = Array.from(table.flags.keys()).filter((row) => isOfSession(table, row));
  }

  /** Moves every price once. */
  step(): void {
    const walk = (moves: Float64Array, at: number): void => {
      const next = (moves[at] ?? 0) + STEP * this.random.normal();
      moves[at] = Math.max(-REACH, Math.min(REACH, next));
    };
    for (let underlying = 0; underlying < this.moved.length; underlying++) walk(this.moved, underlying);
    for (const row of this.rows) if (this.table.kind[row] === InstrumentKind.EQ) walk(this.cashMoved, row);
  }

  /** Last price of an instrument in ticks, on its tick and inside its band. */
  price(row: number): number {
    return this.onTick(row, this.unrounded(row));
  }

  /** Brings a price in ticks onto the instrument's tick and into its band, never below one tick. */
  onTick(row: number, ticks: number): number {
    const { tickSize, bandLow, bandHigh } = this.table;
    const step = tickSize[row] || 500;
    const low = Math.ceil(Math.max(bandLow[row] ?? 0, step) / step) * step;
    const high = (bandHigh[row] ?? 0) > 0 ? Math.floor((bandHigh[row] ?? 0) / step) * step : Number.POSITIVE_INFINITY;
    return Math.max(low, Math.min(high, Math.round(ticks / step) * step));
  }

  private unrounded(row: number): number {
    const { kind, previousClose, price, delta, underlying, spot } = this.table;
    const base = (previousClose[row] ?? 0) > 0 ? (previousClose[row] ?? 0) : (price[row] ?? 0) * 100;
    if (kind[row] === InstrumentKind.EQ) return base * (1 + (this.cashMoved[row] ?? 0));
    const at = underlying[row] ?? -1;
    return base + ((delta[row] ?? 0) / 10_000) * (spot[at] ?? 0) * (this.moved[at] ?? 0);
  }
}

function tradedRows(table: ParameterTable, underlyings: number, cashMax: number): number[] {
  const rows: number[] = [];
  // Asked for every underlying, it leaves none out.
  const isWhole = underlyings >= table.underlyings;
  let [used, beside] = [0, 0];
  for (let underlying = 0; underlying < table.underlyings; underlying++) {
    const isBeside = BESIDE_SEGMENTS.has(table.segment[table.firstInstrument[underlying] ?? 0] ?? 0);
    if (!isWhole && (isBeside ? beside === BESIDE_UNDERLYINGS : used === underlyings)) continue;
    const contracts = nearTheMoney(table, underlying);
    if (contracts.length < 2) continue;
    rows.push(...(isBeside && !isWhole ? contracts.slice(0, BESIDE_CONTRACTS) : contracts));
    if (isBeside) beside += 1;
    else used += 1;
  }
  const cash = new Map<number, number>();
  for (let row = 0; row < table.instruments; row++) {
    if (table.kind[row] !== InstrumentKind.EQ || !isTradable(table, row)) continue;
    const [exchange, listed] = [table.segment[row] ?? 0, cash.get(table.segment[row] ?? 0) ?? 0];
    if (listed === cashMax) continue;
    rows.push(row);
    cash.set(exchange, listed + 1);
  }
  return rows;
}

/** Is an instrument a share as NSE's T+0 session lists it? */
export const isOfSession = (table: ParameterTable, row: number): boolean => ((table.flags[row] ?? 0) & InstrumentFlag.SAME_DAY) !== 0;

const isTradable = (table: ParameterTable, row: number): boolean =>
  ((table.flags[row] ?? 0) & NOT_MIXED) === 0 && (table.previousClose[row] ?? 0) > 0;

function nearTheMoney(table: ParameterTable, underlying: number): number[] {
  const first = table.firstInstrument[underlying] ?? 0;
  const rows: number[] = [];
  for (let row = first; row < first + (table.instrumentCount[underlying] ?? 0); row++) {
    if (isTradable(table, row) && ((table.flags[row] ?? 0) & InstrumentFlag.NO_RISK_ARRAY) === 0) rows.push(row);
  }
  const spot = table.spot[underlying] ?? 0;
  const distance = (row: number): number => (table.kind[row] === InstrumentKind.FUT ? 0 : Math.abs((table.strike[row] ?? 0) - spot));
  return rows.sort((a, b) => distance(a) - distance(b) || (table.expiry[a] ?? 0) - (table.expiry[b] ?? 0)).slice(0, CONTRACTS_PER_UNDERLYING);
}
