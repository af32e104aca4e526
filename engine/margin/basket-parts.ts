// The margin of a client as the handful of sums that broker APIs show.
import { requirementOf } from '../lifecycle/emission.ts';
import { marginLinesOf } from '../state/client-margin.ts';
import type { SlotState } from '../state/slot-state.ts';

/** Paise. The parts are those of the positions alone; what working orders and the house's multiplier add is in `requirement` only. */
export interface MarginParts {
  /** What the client must have. */
  readonly requirement: number;
  /** SPAN: scan, charges and minimum less option value. */
  readonly span: number;
  /** Exposure, lowered by the relief of a futures spread. What dated rules add is in no part. */
  readonly exposure: number;
  /** Cash segment: VaR, ELM or the flat rate. */
  readonly cash: number;
}

/** The parts of one client. Allocates. */
export function marginParts(state: SlotState, client: number): MarginParts {
  const lines = marginLinesOf(state, client);
  const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((total, line) => total + of(line), 0);
  return {
    requirement: requirementOf(state, client),
    span: sum((line) => (line.underlying < 0 && line.instrument >= 0 ? 0 : line.positionRequirement - line.exposure - line.added)),
    exposure: sum((line) => line.exposure + Math.min(0, line.added)),
    cash: sum((line) => line.cash),
  };
}
