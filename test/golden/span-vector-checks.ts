// One check per published example: builds the smallest table that says what the example says, margins the portfolio and compares every
// figure the example gives.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { deliveryMargin, expiryDayRate, type ParameterTable, portfolioMargin, type UnderlyingReport } from '../../engine/index.ts';
import { readExposureFile } from '../../workers/reference/exposure-file.ts';
import { riskArray } from '../../workers/reference/index.ts';
import { type CommoditySpec, flatArray, futureArray, rowOf, seriesSpread, syntheticTable } from '../engine/margin/synthetic-table.ts';

/** An example: what is given and what must come out. Field names are the source's; each example has the few it needs. */
export interface SpanVector {
  readonly id: string;
  readonly inputs: Partial<VectorInputs>;
  readonly expected: Partial<VectorFigures>;
}

interface VectorPosition {
  readonly c?: string;
  readonly qty?: number;
  readonly long?: number;
  readonly short?: number;
}

interface VectorInputs {
  readonly positions: readonly VectorPosition[];
  readonly price_scan_range_per_unit: number;
  readonly scan_risk: number;
  readonly net_option_value: number;
  readonly short_option_minimum: number;
  readonly risk_array_long1_loss_positive: readonly number[];
  readonly arrays: Readonly<Record<string, readonly number[]>>;
  readonly array: readonly number[];
  readonly legs: readonly { readonly cc: string; readonly outright: number; readonly qty: number; readonly delta_per_spread: number }[];
  readonly credit_rate: number;
  readonly price_scan: number;
  readonly multiplier: number;
  readonly extreme_multiplier: number;
  readonly extreme_cover: number;
  readonly extreme: number;
  readonly cover: number;
  readonly intermonth_charge: number;
  readonly F: number;
  readonly vol: number;
  readonly T: number;
  readonly r: number;
  readonly som: number;
  readonly vol_scan: number;
  readonly qty: number;
  readonly som_rate: number;
  readonly settle: number;
  readonly cvf: number;
  readonly type_E: readonly { readonly rate: number }[];
  readonly lot: number;
  readonly underlying: readonly string[];
  readonly 'dSpread.rate.val': readonly number[];
  readonly spot: number;
  readonly strike: number;
  readonly type: string;
  readonly premium: number;
  readonly premium_file: number;
  readonly days_to_expiry_from_20250807: number;
  readonly scan_risk_rounded: number;
  readonly elm: number;
  readonly rate: number;
  readonly rows: readonly (readonly [string, 'OTH' | 'OTM', number, number])[];
  readonly contract_value: number;
  readonly var: number;
  readonly adhoc: number;
  readonly model: Readonly<Record<'r' | 'sigma' | 'psr' | 'vol_scan' | 'lookahead_days' | 'extreme_mult' | 'cover', number>>;
}

interface VectorFigures {
  readonly net: number;
  readonly scan_risk: number;
  readonly margin: number;
  readonly som_per_unit: number;
  readonly worst_scenario: number;
  readonly worst_scenarios: readonly number[];
  readonly scenario_losses: readonly number[];
  readonly gross: number;
  readonly credit: number;
  readonly credit_by_leg: Readonly<Record<string, number>>;
  readonly long_scan: number;
  readonly short_scan: number;
  readonly long_worst: number;
  readonly short_worst: number;
  readonly ra_3: number;
  readonly ra_13: number;
  readonly ra_16: number;
  readonly scan_risk_long1: number;
  readonly intra: number;
  readonly total: number;
  readonly scan_risk_lt: number;
  readonly som: number;
  readonly span_requirement: number;
  readonly nov: number;
  readonly long_scan_per_unit: number;
  readonly short_scan_per_unit: number;
  readonly long_span_lot: number;
  readonly short_span_lot: number;
  readonly charge_for_1_lot_pair_NIFTY_65: number;
  readonly span: number;
  readonly exposure: number;
  readonly additional_elm: number;
  readonly delta: number;
  readonly active_scenario: number;
  readonly short_span_per_unit_incl_premium: number;
  readonly total_pct: readonly number[];
  readonly 'E-4': number;
  readonly 'E-3': number;
  readonly 'E-2': number;
  readonly 'E-1 (70%, exchange rule)': number;
}

/** An example as its check reads it: the fields it does not have are not asked for. */
interface FullVector {
  readonly inputs: VectorInputs;
  readonly expected: VectorFigures;
}

const NEAR = 20261224;
const FAR = 20270128;

/** Margin of one commodity's positions, by contract name. */
function marginOf(commodity: Omit<CommoditySpec, 'symbol'>, positions: Readonly<Record<string, number>>): UnderlyingReport {
  const table = syntheticTable({ commodities: [{ symbol: 'X', ...commodity }] });
  const [line] = portfolio(table, positions).underlyings;
  if (line === undefined) throw new Error('the portfolio has no underlying');
  return line;
}

function portfolio(table: ParameterTable, positions: Readonly<Record<string, number>>) {
  return portfolioMargin(
    table,
    Object.entries(positions).map(([name, quantity]) => ({ instrument: rowOf(table, name), quantity })),
    2_000,
  );
}

const rupees = (paise: number): number => paise / 100;

type Check = (vector: FullVector) => void | Promise<void>;

const quantity = (inputs: VectorInputs, position: number): number => inputs.positions[position]?.qty ?? 0;

/** Long less short of the first position. */
function netOf(inputs: VectorInputs): number {
  const { long = 0, short = 0 } = inputs.positions[0] ?? {};
  return long - short;
}

/** Runs the example's check; throws when there is none. */
export async function checkVector(vector: SpanVector): Promise<void> {
  const key = checkOf(vector.id);
  if (key === undefined) throw new Error(`no check for ${vector.id}`);
  await CHECKS[key]?.({ inputs: vector.inputs as VectorInputs, expected: vector.expected as VectorFigures });
}

/** Name of the check that an example's id calls for. */
export function checkOf(id: string): string | undefined {
  return Object.keys(CHECKS).find((key) => id === key || id.startsWith(`${key}-`));
}

/** Checks by the start of the example's id. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'jscc-1': ({ inputs, expected }) => {
    const net = netOf(inputs);
    expect(net).toBe(expected.net);
    const line = marginOf({ contracts: [{ name: 'F', array: futureArray(inputs.price_scan_range_per_unit) }] }, { F: net });
    expect(rupees(line.scan)).toBe(expected.scan_risk);
    expect(rupees(line.total)).toBe(expected.margin);
  },
  'jscc-2': ({ inputs, expected }) => {
    const net = netOf(inputs);
    expect(net).toBe(expected.net);
    const put = { name: 'P', kind: 'PE' as const, array: flatArray(inputs.scan_risk / net), price: inputs.net_option_value / net };
    const line = marginOf({ contracts: [put], shortOptionMinimum: [{ tier: 0, from: 0, to: 0, rate: expected.som_per_unit }] }, { P: net });
    expect(rupees(line.shortOptionMinimum)).toBe(inputs.short_option_minimum);
    expect(rupees(line.total)).toBe(expected.margin);
  },
  'mcm-1': arrayExample,
  'mcm-2': arrayExample,
  'mcm-3': ({ inputs, expected }) => {
    const contracts = Object.entries(inputs.arrays).map(([name, array]) => ({ name, array }));
    const positions = inputs.positions.map(({ c = '', qty = 0 }) => [c, qty] as const);
    const line = marginOf({ contracts }, Object.fromEntries(positions));
    expect(rupees(line.scan)).toBe(expected.scan_risk);
    expect(line.activeScenario).toBe(expected.worst_scenario);
    const summed = expected.scenario_losses.map((_, s) => positions.reduce((sum, [name, qty]) => sum + qty * (inputs.arrays[name]?.[s] ?? 0), 0));
    expect(summed).toEqual(expected.scenario_losses);
  },
  'cme-2': ({ inputs, expected }) => {
    const { legs } = inputs;
    const table = syntheticTable({
      commodities: legs.map((leg) => ({ symbol: leg.cc, contracts: [{ name: leg.cc, array: futureArray(leg.outright) }] })),
      interSpreads: [
        {
          priority: 1,
          method: 'W',
          rate: inputs.credit_rate,
          legs: legs.map((leg, at) => ({
            commodity: leg.cc,
            expiry: 0,
            tier: 0,
            side: at === 0 ? 'A' : 'B',
            ratio: leg.delta_per_spread,
            required: true,
          })),
        },
      ],
    });
    const margin = portfolio(table, Object.fromEntries(legs.map((leg) => [leg.cc, leg.qty])));
    expect(rupees(margin.sum.scan)).toBe(expected.gross);
    expect(rupees(margin.sum.interCommodity)).toBe(expected.credit);
    expect(rupees(margin.sum.total)).toBe(expected.margin);
    for (const line of margin.underlyings) expect(rupees(line.interCommodity), line.symbol).toBe(expected.credit_by_leg[line.symbol]);
  },
  'cme-gc-1': ({ inputs, expected }) => {
    const commodity = { contracts: [{ name: 'F', array: inputs.array }] };
    const long = marginOf(commodity, { F: 1 });
    const short = marginOf(commodity, { F: -1 });
    expect([rupees(long.scan), long.activeScenario]).toEqual([expected.long_scan, expected.long_worst]);
    expect([rupees(short.scan), short.activeScenario]).toEqual([expected.short_scan, expected.short_worst]);
  },
  'es-1': ({ inputs, expected }) => {
    const model = { spot: 6000, strike: 0, type: 'FUT' as const, days: 91, r: 0, sigma: 0, vsr: 0, lookaheadDays: 0 };
    const extreme = { extremeMultiplier: inputs.extreme_multiplier, cover: inputs.extreme_cover };
    const array = riskArray({ ...model, ...extreme, psr: inputs.price_scan }).array.map((loss) => loss * inputs.multiplier);
    expect([array[2], array[12], array[15]]).toEqual([expected.ra_3, expected.ra_13, expected.ra_16]);
    expect(rupees(marginOf({ contracts: [{ name: 'F', array }] }, { F: 1 }).scan)).toBe(expected.scan_risk_long1);
  },
  'es-2': ({ inputs, expected }) => {
    const line = spreadLine(inputs.intermonth_charge, quantity(inputs, 0), quantity(inputs, 1));
    expect([rupees(line.scan), rupees(line.calendar), rupees(line.total)]).toEqual([expected.scan_risk, expected.intra, expected.total]);
  },
  'es-3': ({ inputs, expected }) => {
    const { array } = riskArray({
      spot: inputs.F,
      strike: 3000,
      type: 'PE',
      days: inputs.T * 365,
      r: inputs.r,
      sigma: inputs.vol,
      psr: inputs.price_scan,
      vsr: inputs.vol_scan,
      lookaheadDays: 0,
      extremeMultiplier: inputs.extreme,
      cover: inputs.cover,
    });
    const put = { name: 'P', kind: 'PE' as const, array: array.map((loss) => loss * inputs.multiplier) };
    const line = marginOf({ contracts: [put], shortOptionMinimum: [{ tier: 0, from: 0, to: 0, rate: inputs.som }] }, { P: quantity(inputs, 0) });
    expect(rupees(line.scan)).toBeLessThan(expected.scan_risk_lt);
    expect(rupees(line.total)).toBe(expected.total);
  },
  'pa2-1': ({ inputs, expected }) => {
    const put = { name: 'P', kind: 'PE' as const, array: inputs.array, price: inputs.settle * inputs.cvf };
    const line = marginOf({ contracts: [put], shortOptionMinimum: [{ tier: 0, from: 0, to: 0, rate: inputs.som_rate }] }, { P: inputs.qty });
    expect([rupees(line.scan), rupees(line.shortOptionMinimum), rupees(line.netOptionValue)]).toEqual([
      expected.scan_risk,
      expected.som,
      expected.nov,
    ]);
    expect(rupees(line.total)).toBe(expected.total);
  },
  'pa2-2': ({ inputs, expected }) => {
    const line = spreadLine(inputs.type_E[0]?.rate ?? 0, quantity(inputs, 0), quantity(inputs, 1));
    expect([rupees(line.scan), rupees(line.calendar)]).toEqual([expected.scan_risk, expected.intra]);
  },
  'nse-1': ({ inputs, expected }) => {
    const commodity = { contracts: [{ name: 'F', array: inputs.array }] };
    expect(rupees(marginOf(commodity, { F: inputs.lot }).span)).toBe(expected.long_span_lot);
    expect(rupees(marginOf(commodity, { F: -inputs.lot }).span)).toBe(expected.short_span_lot);
    expect(rupees(marginOf(commodity, { F: 1 }).scan)).toBe(expected.long_scan_per_unit);
    expect(rupees(marginOf(commodity, { F: -1 }).scan)).toBe(expected.short_scan_per_unit);
  },
  'nse-2': ({ inputs, expected }) => {
    expect(rupees(spreadLine(inputs['dSpread.rate.val'][0] ?? 0, 65, -65).calendar)).toBe(expected.charge_for_1_lot_pair_NIFTY_65);
  },
  'nse-3': ({ inputs, expected }) => {
    const call = {
      name: 'C',
      kind: 'CE' as const,
      array: flatArray(inputs.scan_risk_rounded / inputs.qty),
      price: inputs.premium,
      elmShort: inputs.elm * inputs.spot,
    };
    const line = marginOf({ contracts: [call] }, { C: inputs.qty });
    expect(rupees(line.netOptionValue)).toBe(expected.nov);
    expect(Math.abs(rupees(line.span) - expected.span)).toBeLessThan(1);
    expect(rupees(line.exposure)).toBe(expected.exposure);
    expect(Math.abs(rupees(line.total) - expected.total)).toBeLessThan(1);
  },
  'nse-4': ({ inputs, expected }) => {
    const future = { name: 'F', array: flatArray(expected.span / inputs.qty), elmLong: expected.exposure / inputs.qty };
    const line = marginOf({ contracts: [future] }, { F: inputs.qty });
    expect(Math.abs(rupees(line.total) - expected.total)).toBeLessThan(1);
  },
  // The source gives no arrays: what is checked is that a bought put adds no exposure and its premium is not part of the total.
  'nse-6': ({ inputs, expected }) => {
    const qty = quantity(inputs, 0);
    const price = 300;
    const future = { name: 'F', array: flatArray(expected.span / qty + price), elmLong: expected.exposure / qty };
    const put = { name: 'P', kind: 'PE' as const, array: flatArray(0), price, elmShort: 500 };
    const line = marginOf({ contracts: [future, put] }, { F: qty, P: qty });
    expect(rupees(line.premium)).toBe(price * qty);
    expect(Math.abs(rupees(line.total) - expected.total)).toBeLessThan(1.5);
  },
  'elm-expiry-1': ({ inputs, expected }) => {
    const subject = { isIndex: true, kind: 'CE' as const, strike: inputs.spot * 10_000, expiry: 20241128, underlyingPrice: inputs.spot * 10_000 };
    const rate = expiryDayRate(subject, 20241128) / 10_000;
    expect(rate).toBe(inputs.rate);
    const line = marginOf({ contracts: [{ name: 'C', kind: 'CE', elmShort: rate * inputs.spot }] }, { C: -inputs.lot });
    expect(rupees(line.exposure)).toBe(expected.additional_elm);
  },
  'elm-file-1': async ({ inputs, expected }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tarazu-golden-'));
    const file = join(folder, 'ael.csv');
    const header = 'Sr No.,Symbol,Instrument Type,Normal ELM Margin%,Additional ELM% for Trade Date 11-Feb-2026';
    writeFileSync(file, [header, ...inputs.rows.map((row, at) => [at + 1, ...row].join(','))].join('\n'));
    try {
      const { rates } = await readExposureFile(file);
      const total = inputs.rows.map(([symbol, type]) => (rates.symbols.get(symbol)?.[type === 'OTH' ? 'oth' : 'otm'] ?? 0) / 100);
      expect(total).toEqual(expected.total_pct);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  'delivery-1': ({ inputs, expected }) => {
    const rate = Math.round((inputs.var + inputs.elm + inputs.adhoc) * 10_000);
    const call = { kind: 'CE' as const, strike: 1_000 * 10_000, underlyingPrice: 1_100 * 10_000, units: inputs.contract_value / 1_000, rate };
    const ladder = [4, 3, 2, 1].map((days) => deliveryMargin(call, days, 20261120) / 1e6);
    expect(ladder).toEqual([expected['E-4'], expected['E-3'], expected['E-2'], expected['E-1 (70%, exchange rule)']]);
  },
  'bnf-1': ({ inputs, expected }) => {
    const { model } = inputs;
    const made = riskArray({
      spot: inputs.spot,
      strike: inputs.strike,
      type: inputs.type === 'C' ? 'CE' : 'PE',
      days: inputs.days_to_expiry_from_20250807,
      premium: inputs.premium_file,
      r: model.r,
      sigma: model.sigma,
      psr: model.psr,
      vsr: model.vol_scan,
      lookaheadDays: model.lookahead_days,
      extremeMultiplier: model.extreme_mult,
      cover: model.cover,
    });
    expect(Math.abs(made.delta - expected.delta)).toBeLessThan(1.001e-4);
    const kind = inputs.type === 'C' ? ('CE' as const) : ('PE' as const);
    const line = marginOf({ contracts: [{ name: 'O', kind, array: made.array, price: inputs.premium_file }] }, { O: -1 });
    expect(Math.abs(rupees(line.scan) - expected.short_scan_per_unit)).toBeLessThan(0.011);
    expect(line.activeScenario).toBe(expected.active_scenario);
    expect(Math.abs(rupees(line.total) - expected.short_span_per_unit_incl_premium)).toBeLessThan(0.011);
  },
};

function arrayExample({ inputs, expected }: FullVector): void {
  const line = marginOf({ contracts: [{ name: 'C', array: inputs.risk_array_long1_loss_positive }] }, { C: quantity(inputs, 0) });
  expect(rupees(line.scan)).toBe(expected.scan_risk);
  expect(line.activeScenario).toBe(expected.worst_scenario ?? expected.worst_scenarios[0]);
}

/** Two futures of one commodity with a flat calendar charge between them. */
function spreadLine(rate: number, near: number, far: number): UnderlyingReport {
  const array = futureArray(300);
  const contracts = [
    { name: 'N', expiry: NEAR, array },
    { name: 'F', expiry: FAR, array },
  ];
  return marginOf({ contracts, spreads: [seriesSpread('X', 1, rate, NEAR, FAR)] }, { N: near, F: far });
}
