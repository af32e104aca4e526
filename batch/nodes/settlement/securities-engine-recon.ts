// The risk engine's holdings beside the books of units, after a pay-out: of every client and share that settled. A gate, because the engine lets
// clients sell by its own holdings: two persons look at what differs, and it is the risk desk's. Compared while the engine stands on the trade date
// (closed) or on the next one (open): before, it has not aged what was bought; later it holds what was traded since, and the note says that nobody
// compared.
import type { NodeContext } from '../../runner/index.ts';
import type { UnitShortage } from '../../securities/shortage-store.ts';
import { UNIT_BREAKS, type UnitBreak } from '../../securities/three-way.ts';
import { clientOf, pooledFor } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitsLedger } from '../../securities/units-ledger.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import { isFundingHeld } from '../engine/funded-units.ts';
import { unitsInEngine } from './acting-units.ts';
import { fundedIsins } from './funded-plan.ts';
import type { ListRow } from './securities-files.ts';
import { clientsAtHome } from './shares-of-exchanges.ts';

/** What the comparison found; `note` when there was none to be made. */
export interface EngineComparison {
  readonly breaks: readonly UnitBreak[];
  readonly note: string;
}

/** Our side of the comparison: books, what the pay-out moves in them, who was short in it. */
export interface ComparedBooks {
  readonly ledger: UnitsLedger;
  readonly moves: readonly UnitMove[];
  readonly short: readonly Pick<UnitShortage, 'client' | 'isin' | 'side' | 'units'>[];
}

/** Compares the clients and shares of `plan`. */
export async function compareEngine(
  parts: DayParts,
  context: NodeContext,
  plan: readonly ListRow[],
  books: ComparedBooks,
): Promise<EngineComparison> {
  const { dataDirectory, calendar } = parts;
  const engine = await readEngine(dataDirectory);
  if (engine.slots.length === 0) return { breaks: [], note: '' };
  const [date, next] = [context.date, calendar.tradedAfter(context.date)].map(dayNumber);
  const isComparable = engine.slots.every(({ businessDate, isOpen }) => (businessDate === date && !isOpen) || (businessDate === next && isOpen));
  if (!isComparable) return { breaks: [], note: 'the risk engine stands on another day and was not compared' };
  const isClosed = engine.slots.every(({ isOpen }) => !isOpen);
  const tokens = new Map(plan.map(({ isin = '', token = '' }) => [isin, Number(token)]));
  const standing = isClosed ? await clientsAtHome(context, engine, tokens) : engine;
  const inEngine = await unitsInEngine(parts, context.date);
  const counted = (units: ReadonlyMap<string, number>): Map<string, number> =>
    new Map([...units].map(([key, held]) => [key, signed(held, (size) => inEngine(tokens.get(key.split(' ')[1] ?? '') ?? 0, size))]));
  const inLots = await lotUnits(parts, context, engine);
  return { breaks: heldBreaks(standing, plan, counted(dematUnits(books)), counted(waitingUnits(books)), inLots), note: '' };
}

const signed = (units: number, of: (size: number) => number): number => (units < 0 ? -of(-units) : of(units));

/** Units in demat accounts by `client ISIN` once the moves are in the books. */
export function dematUnits({ ledger, moves }: Pick<ComparedBooks, 'ledger' | 'moves'>): Map<string, number> {
  const ours = new Map<string, number>();
  for (const [client, held] of ledger.dematHoldings()) for (const [isin, units] of held) ours.set(`${client} ${isin}`, units);
  for (const { isin, to, units } of moves) {
    const client = clientOf(to);
    if (client !== '') ours.set(`${client} ${isin}`, (ours.get(`${client} ${isin}`) ?? 0) + units);
  }
  return ours;
}

/** Units by `client ISIN` that wait for the auction or rest in the pool: above zero still to come, below zero sold and still in the account. */
function waitingUnits({ ledger, moves, short }: ComparedBooks): Map<string, number> {
  const waiting = new Map<string, number>();
  const add = (client: string, isin: string, units: number): void =>
    void waiting.set(`${client} ${isin}`, (waiting.get(`${client} ${isin}`) ?? 0) + units);
  for (const { client, isin, side, units } of short) add(client, isin, side === 'buyer' ? units : -units);
  for (const { account, isin, units } of ledger.balancesOf('POOL/')) add(pooledFor(account), isin, units);
  for (const { to, isin, units } of moves) if (to.startsWith('POOL/')) add(pooledFor(to), isin, units);
  return waiting;
}

/** Units of funded lots (MTF) by `client ISIN`: the engine holds them as positions, the depository among the client's units. */
async function lotUnits(parts: DayParts, context: NodeContext, engine: EngineState): Promise<Map<string, number>> {
  const units = new Map<string, number>();
  if (!isFundingHeld(engine)) return units;
  const isins = await fundedIsins(parts, context);
  for (const { account, lots = [] } of engine.clients.values()) {
    for (const lot of lots) units.set(`${account} ${isins(lot)}`, (units.get(`${account} ${isins(lot)}`) ?? 0) + lot.units);
  }
  return units;
}

/**
 * Pure: what the engine holds of each row of the plan against our units. What waits for an auction may be in the engine's figure or not: its morning
 * takes the depository's.
 */
export function heldBreaks(
  { clients }: Pick<EngineState, 'clients'>,
  plan: readonly ListRow[],
  ours: ReadonlyMap<string, number>,
  waiting: ReadonlyMap<string, number>,
  inLots: ReadonlyMap<string, number> = new Map(),
): UnitBreak[] {
  const found = new Map<string, UnitBreak>();
  for (const { client = '', isin = '', token = '' } of plan) {
    const account = clients.get(client);
    if (account === undefined) continue;
    const key = `${client} ${isin}`;
    const own = account.holdings.filter((one) => one.token === Number(token)).reduce((sum, { free, pledged, t1 }) => sum + free + pledged + t1, 0);
    const held = own + (inLots.get(key) ?? 0);
    const expected = ours.get(key) ?? 0;
    if (held === expected || held === expected + (waiting.get(key) ?? 0)) continue;
    found.set(key, { class: 'engine', owner: UNIT_BREAKS.engine.owner, client, isin, expected, allocated: 0, credited: held });
  }
  return [...found.values()];
}
