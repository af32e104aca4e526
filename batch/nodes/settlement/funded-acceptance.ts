// What clients accept of the pledges of what they bought with funding (MTF): asked of the depositories, booked, and told to the risk engine lot by lot.
import type { NodeContext } from '../../runner/index.ts';
import { csmfaAccount, fundedAccount } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitPosting } from '../../securities/units-ledger.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { appendAll, type PlannedCommand } from '../engine/engine-inbox.ts';
import type { EngineLot, EngineState } from '../engine/engine-state.ts';
import { type FundedIsins, type LotInBooks, lotsInBooks } from './funded-plan.ts';
import { lotKey, pledgesAtDepository } from './funded-pledges.ts';
import { unitsOf } from './securities-opening.ts';

/** Books what clients have accepted since it was last asked, as the depositories say it now; once a node. */
export async function takeAcceptances(parts: DayParts, context: NodeContext): Promise<void> {
  const ledger = unitsOf(context);
  if (lotsInBooks(ledger).length === 0) return;
  const theirs = await pledgesAtDepository(parts, context, 'accepted');
  ledger.post(lotsInBooks(ledger).flatMap((lot) => acceptance(context, lot, theirs.get(lotKey(lot))?.pledged ?? 0)));
}

const acceptanceKey = ({ runId, key }: NodeContext, { client, isin, lot }: LotInBooks): string =>
  `FUNDING_PLEDGE ${runId} ${key} ${lot} ${client} ${isin}`;

/** Units of a lot that this node found accepted. */
const acceptedNow = (context: NodeContext, lot: LotInBooks): number =>
  unitsOf(context)
    .entryOf(acceptanceKey(context, lot))
    ?.moves.reduce((sum, { units }) => sum + units, 0) ?? 0;

function acceptance(context: NodeContext, one: LotInBooks, accepted: number): UnitPosting[] {
  const { client, isin, lot, waiting, pledged } = one;
  const key = acceptanceKey(context, one);
  const units = Math.min(waiting, accepted - pledged);
  if (units <= 0 || unitsOf(context).entryOf(key) !== undefined) return [];
  const move: UnitMove = { isin, from: fundedAccount(client, lot), to: csmfaAccount(client, lot), units };
  return [{ key, kind: 'FUNDING_PLEDGE', date: context.date, moves: [move] }];
}

/**
 * Tells the engine what this node found accepted, lot by lot; by run and node, so that a second try sends nothing twice. Clients it does not know are
 * left out.
 */
export async function tellPledged({ dataDirectory }: DayParts, context: NodeContext, { clients }: EngineState, isins: FundedIsins): Promise<void> {
  const lots = lotsInBooks(unitsOf(context));
  const before = lots.map((lot) => ({ ...lot, pledged: lot.pledged - acceptedNow(context, lot) }));
  const [now, then] = [pledgedUnits(lots), pledgedUnits(before)];
  const commands: PlannedCommand[] = [];
  for (const { account, slot, lots: own = [] } of clients.values()) {
    for (const { segment, token, boughtOn, units } of byListing(own)) {
      const lot = `${account} ${isins({ segment, token })} ${boughtOn}`;
      const quantity = now.take(lot, units) - then.take(lot, units);
      if (quantity === 0) continue;
      const body = { account, segment, token, boughtOn, quantity, reference: `CSMFA ${context.date}` };
      commands.push({
        key: `funded-pledge/${context.runId}/${context.key}/${account}/${segment}-${token}/${boughtOn}`,
        kind: 'PledgeFunded',
        slot,
        body,
      });
    }
  }
  if (commands.length > 0) await appendAll(dataDirectory, commands);
}

/** Both listings of a share in one order, because the depository knows neither. */
export const byListing = <Lot extends Pick<EngineLot, 'segment' | 'boughtOn'>>(lots: readonly Lot[]): Lot[] =>
  [...lots].sort((a, b) => a.segment - b.segment || a.boughtOn - b.boughtOn);

/** Units by lot that are handed out until there are none. */
interface Dealt {
  readonly take: (lot: string, units: number) => number;
}

/** What the books have pledged, to be handed out. */
export function pledgedUnits(lots: readonly LotInBooks[]): Dealt {
  const left = new Map(lots.map(({ client, isin, lot, pledged }) => [`${client} ${isin} ${lot}`, pledged]));
  return {
    take: (lot, units) => {
      const taken = Math.min(units, left.get(lot) ?? 0);
      left.set(lot, (left.get(lot) ?? 0) - taken);
      return taken;
    },
  };
}
