// What one underlying's position would lose in each of its 16 scenarios, as a chart or an explanation shows it. Reads the arrays, decides nothing;
// working orders are not in it.
import { roundMicrosToPaise } from '../units.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { scanPointsOf, scanTiers } from './scan-risk.ts';
import type { ContractPosition } from './underlying-span.ts';

/** One scenario. A move is in parts of the scan range (2 = twice), losses in paise: loss +, gain -. */
export interface ScenarioLoss {
  /** 1 to 16. */
  readonly number: number;
  readonly priceMove: number;
  readonly volMove: number;
  readonly loss: number;
}

/** The 16 scenarios of one underlying; scan risk in paise is summed over scan tiers, each at its own worst. */
export interface UnderlyingScenarios {
  readonly symbol: string;
  /** 1 to 16: the worst of the largest tier; 0 without a position. */
  readonly activeScenario: number;
  readonly scan: number;
  readonly scenarios: readonly ScenarioLoss[];
}

/** Scenarios of `positions`, all of the same underlying. Allocates. */
export function scenarioLosses(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): UnderlyingScenarios {
  const tiers = scanTiers(rules, underlying, positions);
  const worst = tiers.reduce<(typeof tiers)[number] | undefined>(
    (most, tier) => (most === undefined || tier.scan > most.scan ? tier : most),
    undefined,
  );
  return {
    symbol: rules.table.underlyingName(underlying),
    activeScenario: worst?.activeScenario ?? 0,
    scan: roundMicrosToPaise(tiers.reduce((sum, tier) => sum + tier.scan, 0)),
    scenarios: scanPointsOf(rules, underlying).map(({ point, priceMove, volMove }, index) => ({
      number: point,
      priceMove,
      volMove,
      loss: roundMicrosToPaise(tiers.reduce((sum, tier) => sum + (tier.losses[index] ?? 0), 0)),
    })),
  };
}
