// The risk engine's holdings beside the books of units, after a pay-out: of every client and share that settled. Compared only while the engine stands on the trade
// date (closed) or on the next one (open): before it has not aged what was bought, later it holds what was traded since. Differences are the risk desk's, not a gate:
// the engine is put right by the next begin of day.
import type { NodeContext } from '../../runner/index.ts';
import { UNIT_BREAKS, type UnitBreak } from '../../securities/three-way.ts';
import type { UnitMove, UnitsLedger } from '../../securities/units-ledger.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import type { ListRow } from './securities-files.ts';

/** Differences of the clients and shares of `plan`; none when the engine never ran or stands on another date. */
export async function engineBreaks(
  { dataDirectory, calendar }: DayParts,
  context: NodeContext,
  plan: readonly ListRow[],
  books: { readonly ledger: UnitsLedger; readonly moves: readonly UnitMove[] },
): Promise<UnitBreak[]> {
  const engine = await readEngine(dataDirectory);
  const [date, next] = [context.date, calendar.tradedAfter(context.date)].map(dayNumber);
  const isComparable = engine.slots.every(({ businessDate, isOpen }) => (businessDate === date && !isOpen) || (businessDate === next && isOpen));
  return engine.slots.length === 0 || !isComparable ? [] : heldBreaks(engine, plan, ourUnits(books));
}

/** Units by `client ISIN` once the moves are in the books. */
function ourUnits({ ledger, moves }: { readonly ledger: UnitsLedger; readonly moves: readonly UnitMove[] }): Map<string, number> {
  const ours = new Map<string, number>();
  for (const [client, held] of ledger.dematHoldings()) for (const [isin, units] of held) ours.set(`${client} ${isin}`, units);
  for (const { isin, to, units } of moves) {
    const key = `${to.slice(to.indexOf('/') + 1).replace(/@.*$/, '')} ${isin}`;
    ours.set(key, (ours.get(key) ?? 0) + units);
  }
  return ours;
}

/** Pure: what the engine holds of each row of the plan against our units. */
export function heldBreaks({ clients }: Pick<EngineState, 'clients'>, plan: readonly ListRow[], ours: ReadonlyMap<string, number>): UnitBreak[] {
  const found = new Map<string, UnitBreak>();
  for (const { client = '', isin = '', token = '' } of plan) {
    const account = clients.get(client);
    if (account === undefined) continue;
    const held = account.holdings.filter((one) => one.token === Number(token)).reduce((sum, { free, pledged, t1 }) => sum + free + pledged + t1, 0);
    const expected = ours.get(`${client} ${isin}`) ?? 0;
    if (held !== expected)
      found.set(`${client} ${isin}`, { class: 'engine', owner: UNIT_BREAKS.engine.owner, client, isin, expected, allocated: 0, credited: held });
  }
  return [...found.values()];
}
