// A parameter table of any size with the shape of a real one: underlyings with futures and a strip of options, arrays that behave (calls gain when
// prices rise, puts when they fall). For speed only: tests of correctness use generated files.
import { buildParameterTable, InstrumentKind, type InstrumentRow, type ParameterTable, type UnderlyingRow } from '../engine/index.ts';

/** Price moves of the 16 scenarios in scan ranges, volatility moves beside them. */
const PRICE_MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 6, -6];
const COVER = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.35, 0.35];
const LOT = 50;
const TICK = 500;
const EXPIRIES = [20261126, 20261231, 20270128];

/** How many rows the table gets. */
export interface TableSize {
  readonly underlyings: number;
  /** Options per underlying, calls and puts together. */
  readonly options: number;
}

/** Builds the table; `shift` moves every price by that share, as the next intraday file would. */
export function syntheticTable(size: TableSize, shift = 0): ParameterTable {
  const instruments: InstrumentRow[] = [];
  const underlyings: UnderlyingRow[] = [];
  for (let u = 0; u < size.underlyings; u++) {
    const symbol = `U${u}`;
    const spot = Math.round((100_000 + 37_000 * u) * (1 + shift));
    underlyings.push({
      symbol,
      somRate: Math.round(spot * 100 * 0.01),
      calendarRateMax: Math.round(spot * 100 * 0.017),
      spot: spot * 100,
      tierCount: 1,
    });
    for (const [month, expiry] of EXPIRIES.entries())
      instruments.push(contract(symbol, expiry, InstrumentKind.FUT, spot, { token: (u + 1) * 1000 + month }));
    for (let k = 0; k < size.options; k++) {
      const strike = Math.round((spot * (0.8 + (0.4 * k) / size.options)) / 100) * 100;
      const kind = k % 2 === 0 ? InstrumentKind.CE : InstrumentKind.PE;
      instruments.push(contract(symbol, EXPIRIES[k % 3] ?? 0, kind, spot, { token: (u + 1) * 1000 + 10 + k, strike }));
    }
  }
  const commodities = underlyings.map(({ symbol, spot }) => ({
    symbol,
    currency: 'INR',
    scanTiers: [{ tier: 1, from: 0, to: 0 }],
    intraTiers: [],
    interTiers: [],
    spreads: [],
    spotCharges: [],
    shortOptionMinimum: [],
    somMethod: 'GROSS' as const,
    wfprMethod: 'NORMAL' as const,
    priceScan: spot / 10_000 / 10,
    volScan: 0.04,
    spot: spot / 10_000,
    adjustment: 1,
  }));
  return buildParameterTable(20261120, instruments, underlyings, { sources: [], commodities, clearing: [] });
}

/** Spot and strike in paise. */
function contract(symbol: string, expiry: number, kind: InstrumentKind, spot: number, more: { token: number; strike?: number }): InstrumentRow {
  const strike = more.strike ?? 0;
  const intrinsic = kind === InstrumentKind.CE ? spot - strike : strike - spot;
  const price = kind === InstrumentKind.FUT ? spot : Math.max(Math.round(spot * 0.02 + Math.max(0, intrinsic) * 0.9), 100);
  const slope =
    kind === InstrumentKind.FUT ? 1 : (kind === InstrumentKind.CE ? 0.5 : -0.5) * (1 + Math.max(-0.9, Math.min(0.9, intrinsic / (spot * 0.2))));
  const scan = spot * 0.1;
  const vega = kind === InstrumentKind.FUT ? 0 : spot * 0.004;
  const riskArray = PRICE_MOVES.map((move, s) => {
    const gain = (slope * (move / 3) * scan + (s % 2 === 0 ? vega : -vega)) * (COVER[s] ?? 1);
    return Math.round(kind === InstrumentKind.FUT ? -gain : -Math.max(gain, -price));
  });
  return {
    segment: 2,
    token: more.token,
    kind,
    name: `${symbol}X${more.token}`,
    underlying: symbol,
    expiry,
    strike: strike * 100,
    lot: LOT,
    tickSize: TICK,
    freezeQuantity: LOT * 1000,
    bandLow: TICK,
    bandHigh: price * 100 * 4,
    previousClose: Math.round((price * 100) / TICK) * TICK,
    price,
    delta: Math.round(slope * 10_000),
    elmLong: kind === InstrumentKind.FUT ? Math.round(spot * 10_000 * 0.02) : 0,
    elmShort: Math.round(spot * 10_000 * 0.02),
    cashRate: 0,
    scanTier: 0,
    flags: 0,
    riskArray,
  };
}
