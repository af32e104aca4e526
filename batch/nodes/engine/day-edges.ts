// The end of the engine's day, segment by segment: each closes at its own time and gets its own settlement prices, and whichever is settled last
// closes the day, which carries gains, premium and share trades into cash and positions into the next day. All of it is keyed commands: sent again
// they do nothing. An engine that has not this day open is left alone (a night is also run without one, and again after the close).
import { ExchangeSegment, SAME_DAY_SESSION } from '../../../engine/index.ts';
import type { Chain } from '../../graph/node-row.ts';
import type { NodeBody, NodeContext, Outcome } from '../../runner/index.ts';
import { appendAll, oneAtATime, type PlannedCommand, planned, takenState } from './engine-inbox.ts';
import { type EngineState, readEngine } from './engine-state.ts';
import { segmentsOf } from './exchange-segments.ts';

/** Prices in one SettlePrices: the largest record holds twice as many. */
const PRICES_PER_COMMAND = 4_096;

/** A contract's settlement price, ticks. */
export interface SettlementPrice {
  readonly token: number;
  readonly price: number;
}

/** A client's position in a contract that ends today, as the clearing corporation settles it; see ExerciseAssign. */
export interface EndedPosition {
  readonly client: string;
  readonly token: number;
  /** Signed units. */
  readonly units: number;
  readonly settled: number;
  /** Ticks. */
  readonly price: number;
  readonly shares?: { readonly segment: number; readonly token: number };
}

/** What a chain's day came to. */
export interface SegmentDay {
  readonly chain: Chain;
  readonly prices: readonly SettlementPrice[];
  readonly ended: readonly EndedPosition[];
}

/** What the engine did with a segment. */
export interface SegmentEnd {
  readonly note: string;
  /** Paise the close of the day brought to clients' cash; undefined when this segment did not close it. */
  readonly carried: number | undefined;
  /** Paise of that the house lent on shares bought with funding (MTF), less what was repaid. */
  readonly lent: number;
}

const dayNumber = (date: string): number => Number(date.replaceAll('-', ''));
const isOpenOn = ({ slots }: EngineState, date: string): boolean =>
  slots.length > 0 && slots.every((slot) => slot.isOpen && slot.businessDate === dayNumber(date));
const everySlot = ({ slots }: EngineState, of: 'closed' | 'settled', segments: readonly number[]): boolean =>
  slots.every((slot) => segments.every((segment) => slot[of].includes(segment)));
const lentBy = ({ clients }: EngineState): number => [...clients.values()].reduce((sum, { lent = 0 }) => sum + lent, 0);
const cashOf = ({ clients }: EngineState): number => [...clients.values()].reduce((sum, { cash }) => sum + cash, 0);

/** Body of the node a segment's evening begins with: its orders expire and its gate shuts; intraday share positions that are left become breaks. */
export function segmentCloseBody(dataDirectory: string): NodeBody {
  return async (context) => {
    const { segment, chains, date } = context;
    if (segment === undefined) return {};
    if (segment === 'T0') return closeSession(dataDirectory, context);
    const segments = segmentsOf(segment, chains);
    return oneAtATime(dataDirectory, async () => {
      if (!isOpenOn(await readEngine(dataDirectory), date)) return { note: 'the engine has not this day open' };
      const commands = segments.map((each) =>
        planned(date, `close-segment-${each}`, { kind: 'CloseSegment', slot: 'all', body: { businessDate: dayNumber(date), segment: each } }),
      );
      await appendAll(dataDirectory, commands);
      const { state } = await takenState(dataDirectory, (state) => everySlot(state, 'closed', segments), context.now);
      return { outputs: { residual: residualOf(state, segments) }, note: 'closed in the engine' };
    });
  };
}

/** T+0's orders expire; what it traded until then is in the tables when this is done. NSE's segment goes on. */
function closeSession(dataDirectory: string, { date, now }: NodeContext): Promise<Outcome> {
  return oneAtATime(dataDirectory, async () => {
    if (!isOpenOn(await readEngine(dataDirectory), date)) return { note: 'the engine has not this day open' };
    const body = { businessDate: dayNumber(date), segment: ExchangeSegment.NSE, sameDay: true };
    await appendAll(dataDirectory, [planned(date, 'close-same-day', { kind: 'CloseSegment', slot: 'all', body })]);
    await takenState(dataDirectory, (state) => everySlot(state, 'closed', [SAME_DAY_SESSION]), now);
    return { note: 'closed in the engine' };
  });
}

/** Intraday share positions still there: what the desk squares off or converts before delivery takes them. */
function residualOf({ clients }: EngineState, segments: readonly number[]): string[] {
  return [...clients.values()].flatMap(({ account, positions }) =>
    positions
      .filter(({ segment, isIntraday, net }) => isIntraday && net !== 0 && segments.includes(segment))
      .map(({ token, net }) => `${account} ${token} ${net}`),
  );
}

/** Sends a segment's settlement prices, and closes the day when it was the last. Only contracts somebody holds are sent. */
export async function settleSegment(dataDirectory: string, context: NodeContext, { chain, prices, ended }: SegmentDay): Promise<SegmentEnd> {
  const { date, chains, now } = context;
  return oneAtATime(dataDirectory, async () => {
    const engine = await readEngine(dataDirectory);
    if (!isOpenOn(engine, date)) return { note: 'the engine has not this day open', carried: undefined, lent: 0 };
    const held = new Set([...engine.clients.values()].flatMap(({ positions }) => positions.map((each) => `${each.segment} ${each.token}`)));
    const segments = segmentsOf(chain, chains);
    const commands = segments.flatMap((each) =>
      priceCommands(
        date,
        each,
        prices.filter(({ token }) => held.has(`${each} ${token}`)),
      ),
    );
    // Contracts end before the prices are final: whoever sees a segment settled sees it without them.
    await appendAll(dataDirectory, [...endCommands(date, segments, engine, ended), ...commands]);
    const settled = await takenState(dataDirectory, (state) => everySlot(state, 'settled', segments), now);
    const open = chains.filter((each) => !everySlot(settled.state, 'settled', segmentsOf(each, chains)));
    if (open.length > 0) return { note: `settled in the engine; its day waits for ${open.join(', ')}`, carried: undefined, lent: 0 };
    await appendAll(dataDirectory, [planned(date, 'close-day', { kind: 'CloseDay', slot: 'all', body: { businessDate: dayNumber(date) } })]);
    const closed = await takenState(dataDirectory, ({ slots }) => slots.every(({ isOpen }) => !isOpen), now);
    const moved = (of: (state: EngineState) => number): number => of(closed.state) - of(settled.state);
    return { note: 'the engine’s day is closed', carried: moved(cashOf), lent: moved(lentBy) };
  });
}

function priceCommands(date: string, segment: number, prices: readonly SettlementPrice[]): PlannedCommand[] {
  const commands: PlannedCommand[] = [];
  for (let at = 0; at === 0 || at < prices.length; at += PRICES_PER_COMMAND) {
    const part = prices.slice(at, at + PRICES_PER_COMMAND);
    const body = {
      businessDate: dayNumber(date),
      segment,
      prices: part.flatMap(({ token, price }) => [token, price]),
      isFinal: at + PRICES_PER_COMMAND >= prices.length,
    };
    commands.push(planned(date, `settle-${segment}-${at}`, { kind: 'SettlePrices', slot: 'all', body }));
  }
  return commands;
}

function endCommands(date: string, segments: readonly number[], { clients }: EngineState, ended: readonly EndedPosition[]): PlannedCommand[] {
  return ended.flatMap(({ client, token, ...settlement }) => {
    const known = clients.get(client);
    if (known === undefined) return [];
    const segment = known.positions.find((each) => each.token === token && segments.includes(each.segment))?.segment ?? segments[0] ?? 0;
    const body = { account: client, segment, token, ...settlement };
    return [planned(date, `expiry/${segment}/${client}/${token}`, { kind: 'ExerciseAssign', slot: known.slot, body })];
  });
}
