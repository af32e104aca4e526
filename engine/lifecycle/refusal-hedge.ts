// The hedge that a refusal for margin names: the cheapest of a few bought options with which the order would have passed, as basket-fix.ts weighs
// them, on the slot's own book. Part of the event, so that a report and its resend are the same and a replay says the same. Bounded, so that a burst
// of refusals cannot hold up the orders of others: at most CANDIDATES options, and one search a slot in EVERY_MICROS of command time (65 microseconds
// of CPU on an underlying of 4,800 contracts, so under 2 % of a shard that owns every slot, whatever comes); the refusals between name money alone,
// as does the what-if's and explain's answer where they find no hedge (they look further). Tables with credits between commodities are left out:
// there a position is not cheap to add and to take back.
import type { DecisionContext } from '../checks/decision-context.ts';
import type { EventWriter } from '../event/event-writer.ts';
import { EventField } from '../event/layout.ts';
import { type Hedge, hedgeRows, weighedHedge } from '../margin/basket-fix.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { MarginBasis } from '../verdict.ts';

/** Options weighed for one refusal. */
export const CANDIDATES = 12;
/** Microseconds of command time between two searches of a slot. */
export const EVERY_MICROS = 1_000_000;

/** Writes the hedge into the event of a new order that was refused for margin; nothing where none is found, or it is not the time. */
export function nameHedge(d: DecisionContext, event: EventWriter): void {
  const { meta, rules } = d.state;
  const { time } = d.command;
  if (rules === undefined || rules.credits.isOn || d.marginBasis === MarginBasis.GROSS) return;
  if (time - meta.f64(META_ROW, Meta.hedgeSearchedAt) < EVERY_MICROS) return;
  meta.setF64(META_ROW, Meta.hedgeSearchedAt, time);
  const missing = d.requirementAfter - d.available;
  let best: Hedge | undefined;
  for (const row of hedgeRows(rules.table, d, CANDIDATES)) {
    const hedge = weighedHedge(d.state, d.client, d, row);
    if (hedge !== undefined && hedge.premium < missing && (best === undefined || hedge.premium < best.premium)) best = hedge;
  }
  if (best === undefined) return;
  event
    .u8(EventField.hasHedge, 1)
    .u32(EventField.hedgeToken, best.token)
    .f64(EventField.hedgeQuantity, best.units)
    .f64(EventField.hedgePrice, best.price);
}
