// The margin of a client as the handful of sums that broker APIs show.
import { requirementOf } from '../lifecycle/emission.ts';
import { marginLinesOf } from '../state/client-margin.ts';
import type { SlotState } from '../state/slot-state.ts';

/** Paise. The parts are those of the positions alone; what working orders and the house's multiplier add is in `requirement` only. */
export interface MarginParts {
  /** What the client must have. */
  readonly requirement: number;
  /** SPAN: scan, charges and minimum less option value; what reliefs are more than the exposure is off it. */
  readonly span: number;
  /** Exposure, lowered by reliefs (futures spread, cross margin), not below 0. What dated rules add is in no part. */
  readonly exposure: number;
  /** Cash segment: VaR, ELM or the flat rate. */
  readonly cash: number;
}

const exposureOf = ({ exposure, added }: { readonly exposure: number; readonly added: number }): number => Math.max(0, exposure + Math.min(0, added));

/** The parts of one client. Allocates. */
export function marginParts(state: SlotState, client: number): MarginParts {
  const lines = marginLinesOf(state, client);
  const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((total, line) => total + of(line), 0);
  return {
    requirement: requirementOf(state, client),
    span: sum((line) => (line.underlying < 0 && line.instrument >= 0 ? 0 : line.positionRequirement - exposureOf(line) - Math.max(0, line.added))),
    exposure: sum(exposureOf),
    cash: sum((line) => line.cash),
  };
}
