// Key numbers of published SPAN examples, so that the golden test runs without the reference collection. Same shape as its vectors: inputs
// and expected figures only. Array signs: loss of one long unit positive.
import type { SpanVector } from './span-vector-checks.ts';

const FUTURE_10000 = [0, 0, -3330, -3330, 3330, 3330, -6670, -6670, 6670, 6670, -10000, -10000, 10000, 10000, -7000, 7000];
const CALL_410 = [-460, 610, -2640, -1730, 1270, 2340, -5210, -4540, 2540, 3430, -8060, -7640, 3380, 3990, -3130, 1500];
const NIFTY_JUNE = [
  8.72, 8.72, -736.49, -736.49, 753.93, 753.93, -1481.7, -1481.7, 1499.14, 1499.14, -2226.91, -2226.91, 2244.36, 2244.36, -1561.89, 1568,
];
const GOLD = [0, 0, -5333, -5333, 5333, 5333, -10667, -10667, 10667, 10667, -16000, -16000, 16000, 16000, -15840, 15840];
const BANKNIFTY_MODEL = { r: 0.0609, sigma: 0.184284, psr: 6273.89, vol_scan: 0.05, lookahead_days: 2, extreme_mult: 2, cover: 0.35 };

export const SPAN_EXAMPLES: readonly SpanVector[] = [
  {
    id: 'jscc-1-future-netting',
    inputs: { positions: [{ long: 5, short: 2 }], price_scan_range_per_unit: 570_000 },
    expected: { net: 3, scan_risk: 1_710_000, margin: 1_710_000 },
  },
  {
    id: 'jscc-2-short-put',
    inputs: { positions: [{ long: 3, short: 13 }], scan_risk: 5_701_000, net_option_value: -32_000_000, short_option_minimum: 294_000 },
    expected: { net: -10, som_per_unit: 29_400, margin: 37_701_000 },
  },
  {
    id: 'mcm-1-long-future',
    inputs: { risk_array_long1_loss_positive: FUTURE_10000, positions: [{ qty: 1 }] },
    expected: { scan_risk: 10_000, worst_scenarios: [13, 14] },
  },
  {
    id: 'mcm-2-long-call',
    inputs: { risk_array_long1_loss_positive: CALL_410, positions: [{ qty: 1 }] },
    expected: { scan_risk: 3_990, worst_scenario: 14 },
  },
  {
    id: 'mcm-3-covered-write',
    inputs: {
      arrays: { FUT: FUTURE_10000, CALL410: CALL_410 },
      positions: [
        { c: 'FUT', qty: 1 },
        { c: 'CALL410', qty: -1 },
      ],
    },
    expected: {
      scenario_losses: [460, -610, -690, -1600, 2060, 990, -1460, -2130, 4130, 3240, -1940, -2360, 6620, 6010, -3870, 5500],
      scan_risk: 6_620,
      worst_scenario: 13,
    },
  },
  {
    id: 'cme-2-inter-credit-corn-soy',
    inputs: {
      legs: [
        { cc: 'Corn', outright: 1750, qty: 2, delta_per_spread: 2 },
        { cc: 'Soybeans', outright: 2500, qty: -1, delta_per_spread: 1 },
      ],
      credit_rate: 0.55,
    },
    expected: { gross: 6000, credit: 3300, margin: 2700, credit_by_leg: { Corn: 1925, Soybeans: 1375 } },
  },
  { id: 'cme-gc-1-outright', inputs: { array: GOLD }, expected: { long_scan: 16_000, short_scan: 16_000, long_worst: 13, short_worst: 11 } },
  {
    id: 'es-1-array',
    inputs: { price_scan: 345, multiplier: 50, extreme_multiplier: 3, extreme_cover: 0.3 },
    expected: { ra_3: -5750, ra_13: 17_250, ra_16: 15_525, scan_risk_long1: 17_250 },
  },
  {
    id: 'es-2-calendar',
    inputs: { positions: [{ qty: 10 }, { qty: -10 }], intermonth_charge: 400 },
    expected: { scan_risk: 0, intra: 4000, total: 4000 },
  },
  {
    id: 'es-3-som-binding',
    inputs: {
      positions: [{ c: 'ES Z 3000 PUT', qty: -10 }],
      F: 6000,
      vol: 0.18,
      T: 0.25,
      r: 0,
      som: 175,
      price_scan: 345,
      vol_scan: 0.04,
      multiplier: 50,
      extreme: 3,
      cover: 0.3,
    },
    expected: { scan_risk_lt: 1750, total: 1750 },
  },
  {
    id: 'pa2-1-som+nov',
    inputs: { array: [-8, 6, 4, 9, -11, 2, 7, 12, -18, -3, 10, 14, -27, -9, 10, -30], qty: -1, som_rate: 50, settle: 1.5, cvf: 100 },
    expected: { scan_risk: 30, som: 50, span_requirement: 50, nov: -150, total: 200 },
  },
  {
    id: 'pa2-2-series-spread',
    inputs: { positions: [{ qty: 1 }, { qty: -1 }], type_E: [{ rate: 250 }] },
    expected: { scan_risk: 0, intra: 250 },
  },
  {
    id: 'nse-1-nifty-future-array',
    inputs: { array: NIFTY_JUNE, lot: 65 },
    expected: { long_scan_per_unit: 2244.36, short_scan_per_unit: 2226.91, long_span_lot: 145_883.4, short_span_lot: 144_749.15 },
  },
  {
    id: 'nse-2-calendar-rate',
    inputs: { underlying: ['NIFTY', 'BANKNIFTY'], 'dSpread.rate.val': [425, 1029] },
    expected: { charge_for_1_lot_pair_NIFTY_65: 27_625 },
  },
  {
    id: 'nse-3-short-call',
    inputs: { qty: -65, spot: 23_547.75, premium: 437.65, scan_risk_rounded: 113_226, elm: 0.02 },
    expected: { nov: -28_447.25, span: 141_673, exposure: 30_612.08, total: 172_285 },
  },
  { id: 'nse-4-long-future', inputs: { qty: 65 }, expected: { span: 143_720, exposure: 30_873, total: 174_593 } },
  {
    id: 'nse-6-protective-put',
    inputs: { positions: [{ qty: 65 }, { qty: 65 }] },
    expected: { total: 78_904, exposure: 30_873, span: 48_031 },
  },
  {
    id: 'elm-file-1',
    inputs: {
      rows: [
        ['ABCAPITAL', 'OTH', 3.5, 15],
        ['ABCAPITAL', 'OTM', 5.25, 15],
        ['ABB', 'OTH', 3.5, 0],
        ['ABB', 'OTM', 5.25, 0],
      ],
    },
    expected: { total_pct: [18.5, 20.25, 3.5, 5.25] },
  },
  {
    id: 'delivery-1',
    inputs: { contract_value: 100_000, var: 0.1, elm: 0.05, adhoc: 0.03 },
    expected: { 'E-4': 1_800, 'E-3': 4_500, 'E-2': 8_100, 'E-1 (70%, exchange rule)': 12_600 },
  },
  { id: 'elm-expiry-1', inputs: { spot: 23_500, lot: 75, rate: 0.02 }, expected: { additional_elm: 35_250 } },
  {
    id: 'bnf-1-20251028-55500C',
    inputs: { spot: 55_521.15, strike: 55_500, type: 'C', days_to_expiry_from_20250807: 82, premium_file: 1595, model: BANKNIFTY_MODEL },
    expected: { short_scan_per_unit: 5134.19, delta: 0.5811, active_scenario: 11, short_span_per_unit_incl_premium: 6729.19 },
  },
  {
    id: 'bnf-1-20251230-55500P',
    inputs: { spot: 55_521.15, strike: 55_500, type: 'P', days_to_expiry_from_20250807: 145, premium_file: 983.6, model: BANKNIFTY_MODEL },
    expected: { short_scan_per_unit: 4192.09, delta: -0.3937, active_scenario: 13, short_span_per_unit_incl_premium: 5175.69 },
  },
];
