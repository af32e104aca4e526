// Scan risk of one underlying's position: per scan tier the 16 summed losses, the worst of them, and its split into time, volatility and
// price risk (span.md section 1.3). Which scenario is whose volatility twin the file may say; weights are in the arrays already and are
// never applied again. Working orders are not known here.
import type { ScanPoint } from '../parameters/combined-commodity.ts';
import { SCENARIOS } from '../parameters/parameter-table.ts';
import { MICROS_PER_PAISA, roundMicrosToPaise } from '../units.ts';
import type { CompiledRules } from './compiled-rules.ts';
import type { ContractPosition } from './underlying-span.ts';

/** Scan risk of one tier, micros. */
export interface TierScan {
  readonly tier: number;
  /** Losses in the 16 scenarios. */
  readonly losses: readonly number[];
  /** 1..16: the lowest scenario that attains the largest loss. */
  readonly activeScenario: number;
  readonly scan: number;
  readonly time: number;
  readonly volatility: number;
}

const THIRDS = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3];

/** The 16 scenarios of a file that does not define them: extreme moves of twice the range, counted to 35 %. */
export const STANDARD_SCAN_POINTS: readonly ScanPoint[] = [
  ...THIRDS.map((thirds, at) => ({ point: at + 1, priceMove: thirds / 3, volMove: at % 2 === 0 ? 1 : -1, weight: 1, paired: (at ^ 1) + 1 })),
  { point: 15, priceMove: 2, volMove: 0, weight: 0.35, paired: 15 },
  { point: 16, priceMove: -2, volMove: 0, weight: 0.35, paired: 16 },
];

/** The scenario definitions in force for an underlying: its own, its clearing organisation's, or the standard ones. */
export function scanPointsOf(rules: CompiledRules, underlying: number): readonly ScanPoint[] {
  const { commodities, clearing } = rules.table.details;
  const commodity = commodities[underlying];
  const own = clearing.find((each) => each.clearingOrg === commodity?.clearingOrg) ?? clearing[0];
  return commodity?.scanPoints ?? own?.scanPoints ?? STANDARD_SCAN_POINTS;
}

/** Scan risk by tier, in ascending tier; empty without a position. */
export function scanTiers(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): TierScan[] {
  const { table } = rules;
  const scale = rules.arrayScale[underlying] as number;
  const byTier = new Map<number, number[]>();
  for (const { instrument, quantity } of positions) {
    const tier = table.scanTier[instrument] as number;
    const losses = byTier.get(tier) ?? new Array<number>(SCENARIOS).fill(0);
    byTier.set(tier, losses);
    const base = instrument * SCENARIOS;
    losses.forEach((loss, s) => {
      losses[s] = loss + quantity * Math.floor((table.riskArray[base + s] as number) * scale + 0.5);
    });
  }
  const points = scanPointsOf(rules, underlying);
  return [...byTier].sort(([a], [b]) => a - b).map(([tier, losses]) => tierScan(tier, losses, points));
}

/** Rounded to the currency's precision, as the specification has it for time and volatility risk. */
const inCurrency = (micros: number): number => roundMicrosToPaise(micros) * MICROS_PER_PAISA;

function tierScan(tier: number, losses: readonly number[], points: readonly ScanPoint[]): TierScan {
  const loss = (s: number): number => losses[s] ?? 0;
  let active = 0;
  for (let s = 1; s < SCENARIOS; s++) if (loss(s) > loss(active)) active = s;
  const most = loss(active);
  const paired = (points[active]?.paired ?? active + 1) - 1;
  const volatility = most < 0 ? (loss(0) - loss(1)) / 2 : (most - loss(paired)) / 2;
  return {
    tier,
    losses,
    activeScenario: active + 1,
    scan: Math.max(0, most),
    time: inCurrency((loss(0) + loss(1)) / 2),
    volatility: inCurrency(volatility),
  };
}
