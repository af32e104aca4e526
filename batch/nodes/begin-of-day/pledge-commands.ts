// Pledged shares of clients whose collateral the engine keeps in pieces: what the depository has this morning against what the engine has, share by share. The
// difference is a fact. More counts at once, as the depository's list of this morning holds pledges of yesterday and before (T+1); less is taken
// from what is with the member first, then from where it is placed. Values are the engine's, by the list of approved securities. Pure.
import type { ChangePledgeBody } from '../../../engine/index.ts';
import { type PlannedCommand, planned } from '../engine/engine-inbox.ts';
import type { EnginePledge } from '../engine/engine-state.ts';

/** One client. */
export interface PledgedClient {
  readonly account: string;
  readonly slot: number;
  readonly pledges: readonly EnginePledge[];
  /** Pledged units by ISIN, as the depository has them. */
  readonly depository: ReadonlyMap<string, number>;
}

/** Commands after which the engine has what the depository has. */
export function pledgeCommands(date: string, { account, slot, pledges, depository }: PledgedClient): PlannedCommand[] {
  const commands: PlannedCommand[] = [];
  const change = (isin: string, segment: number, quantity: number): void => {
    const body: ChangePledgeBody = { account, isin, quantity, segment, credit: 'NOW', fact: true, reference: `depository ${date}` };
    commands.push(planned(date, `pledge/${account}/${isin}/${segment}`, { kind: 'ChangePledge', slot, body }));
  };
  for (const isin of [...new Set([...pledges.map((pledge) => pledge.isin), ...depository.keys()])].sort()) {
    const held = pledges.filter((pledge) => pledge.isin === isin).sort((a, b) => a.segment - b.segment);
    let difference = (depository.get(isin) ?? 0) - held.reduce((sum, { units }) => sum + units, 0);
    if (difference > 0) change(isin, 0, difference);
    for (const { segment, units } of held) {
      const taken = Math.min(units, -difference);
      if (taken <= 0) break;
      change(isin, segment, -taken);
      difference += taken;
    }
  }
  return commands;
}
