// Small parameter tables for margin tests: contracts given in rupees, as a risk officer would write them.
import {
  buildParameterTable,
  type CombinedCommodity,
  type CrossMarginSet,
  ExchangeSegment,
  InstrumentKind,
  type InstrumentRow,
  type ParameterTable,
  type ScanningSpread,
  type Spread,
} from '../../../engine/index.ts';

export interface ContractSpec {
  readonly name: string;
  readonly kind?: 'EQ' | 'FUT' | 'CE' | 'PE';
  readonly expiry?: number;
  readonly strike?: number;
  /** Rupees per long unit, 16 values, loss positive. */
  readonly array?: readonly number[];
  readonly delta?: number;
  /** File price in rupees. */
  readonly price?: number;
  /** Rupees of exposure margin per unit. */
  readonly elmLong?: number;
  readonly elmShort?: number;
  /** Index of its scan tier. */
  readonly scanTier?: number;
  /** Cash: rate as a fraction, previous close in rupees. */
  readonly cashRate?: number;
  readonly previousClose?: number;
}

export interface CommoditySpec extends Partial<CombinedCommodity> {
  readonly symbol: string;
  readonly contracts: readonly ContractSpec[];
}

/** An array of 16 equal values. */
export const flatArray = (value: number): number[] => new Array<number>(16).fill(value);

/** A future's array: the price moves of the 16 scenarios on `range`, the extreme 2 x range at 35 %. */
export function futureArray(range: number): number[] {
  const moves = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3];
  return [...moves.map((move) => (-move * range) / 3), -0.7 * range, 0.7 * range].map((loss) => Math.round(loss * 100) / 100 + 0);
}

/** A calendar spread of method F between two series. */
export function seriesSpread(commodity: string, priority: number, rate: number, near: number, far: number): Spread {
  const leg = (expiry: number, side: 'A' | 'B') => ({ commodity, expiry, tier: 0, side, ratio: 1, required: true });
  return { priority, method: 'F', rate, legs: [leg(near, 'A'), leg(far, 'B')] };
}

export interface TableSpec {
  readonly commodities?: readonly CommoditySpec[];
  readonly cash?: readonly ContractSpec[];
  readonly interSpreads?: readonly Spread[];
  readonly scanningSpreads?: readonly ScanningSpread[];
  /** Trading days to expiries; without them no dated rule applies. */
  readonly tradingDays?: Readonly<Record<number, number>>;
  readonly crossMargin?: readonly CrossMarginSet[];
}

/** Builds the table; instrument tokens count from 1 in the order given, cash last. */
export function syntheticTable(spec: TableSpec): ParameterTable {
  const commodities = spec.commodities ?? [];
  let token = 0;
  const instruments = [
    ...commodities.flatMap((commodity) => commodity.contracts.map((contract) => instrumentRow(contract, commodity.symbol, ++token))),
    ...(spec.cash ?? []).map((contract) => instrumentRow(contract, '', ++token)),
  ];
  return buildParameterTable(
    20261120,
    instruments,
    commodities.map((commodity) => ({
      symbol: commodity.symbol,
      somRate: Math.round((commodity.shortOptionMinimum?.[0]?.rate ?? 0) * 1e6),
      calendarRateMax: (commodity.spreads ?? []).reduce((most, spread) => Math.max(most, Math.round(spread.rate * 1e6)), 0),
      spot: Math.round((commodity.spot ?? 0) * 10_000),
      tierCount: 1 + Math.max(0, ...commodity.contracts.map((contract) => contract.scanTier ?? 0)),
    })),
    {
      sources: [],
      ...(spec.tradingDays === undefined ? {} : { tradingDays: spec.tradingDays }),
      ...(spec.crossMargin === undefined ? {} : { crossMargin: spec.crossMargin }),
      commodities: commodities.map(combinedCommodity),
      clearing: [
        {
          clearingOrg: 'TEST',
          asOf: 20261120,
          created: '',
          isSettlement: false,
          interSpreads: spec.interSpreads ?? [],
          scanningSpreads: spec.scanningSpreads ?? [],
        },
      ],
    },
  );
}

/** Row of a contract by name. */
export function rowOf(table: ParameterTable, name: string): number {
  for (let row = 0; row < table.instruments; row++) if (table.instrumentName(row) === name) return row;
  throw new RangeError(`no contract ${name} in the synthetic table`);
}

function instrumentRow(contract: ContractSpec, underlying: string, token: number): InstrumentRow {
  return {
    segment: underlying === '' ? ExchangeSegment.NSE : ExchangeSegment.NFO,
    token,
    kind: InstrumentKind[contract.kind ?? (underlying === '' ? 'EQ' : 'FUT')],
    name: contract.name,
    underlying,
    expiry: contract.expiry ?? (underlying === '' ? 0 : 20261231),
    strike: Math.round((contract.strike ?? 0) * 10_000),
    lot: 1,
    tickSize: 500,
    freezeQuantity: 0,
    bandLow: 0,
    bandHigh: 0,
    previousClose: Math.round((contract.previousClose ?? 0) * 10_000),
    price: Math.round((contract.price ?? 0) * 100),
    delta: Math.round((contract.delta ?? 1) * 10_000),
    elmLong: Math.round((contract.elmLong ?? 0) * 1e6),
    elmShort: Math.round((contract.elmShort ?? 0) * 1e6),
    cashRate: Math.round((contract.cashRate ?? 0) * 10_000),
    scanTier: contract.scanTier ?? 0,
    flags: 0,
    riskArray: underlying === '' ? [] : (contract.array ?? flatArray(0)).map((loss) => Math.round(loss * 100)),
  };
}

function combinedCommodity(spec: CommoditySpec): CombinedCommodity {
  const { contracts: _contracts, ...given } = spec;
  return {
    currency: 'INR',
    scanTiers: [],
    intraTiers: [],
    interTiers: [],
    spreads: [],
    spotCharges: [],
    shortOptionMinimum: [],
    somMethod: 'GROSS',
    wfprMethod: 'NORMAL',
    priceScan: 0,
    volScan: 0,
    spot: 0,
    adjustment: 1,
    ...given,
  };
}
