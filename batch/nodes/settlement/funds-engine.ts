// Client money in the engine, and what the clearing corporation has booked early: what the books decide goes to it by an outbox that commits with the
// booking and is emptied into the night's inbox by key, so that the engine takes it exactly once. What a client could take out is what its funds
// leave above its requirement, as the engine's own state says; a limit granted for the day is not money and does not count, nor do sales before their
// pay-out, and what was paid in early is not here.
import type { Database, RootDatabase } from 'lmdb';
import { type BookEarlyPayInBody, clientView, type SlotState } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { loadTable } from '../../../workers/reference/index.ts';
import { TransientFault } from '../../runner/index.ts';
import { appendAll, oneAtATime, type PlannedCommand, takeInbox } from '../engine/engine-inbox.ts';
import { readEngine, takenBy, withTables } from '../engine/engine-state.ts';

/** Cash to add to or take from a client in the engine; paise. */
export interface EngineCredit {
  readonly key: string;
  readonly client: string;
  readonly amount: number;
}

/** Early pay-in the clearing corporation has booked. */
export interface EngineEarlyPayIn {
  readonly key: string;
  readonly early: BookEarlyPayInBody;
}

type EngineNote = EngineCredit | EngineEarlyPayIn;

const outboxOf = (root: RootDatabase): Database<EngineNote, string> => root.openDB({ name: 'engine-outbox', encoding: 'msgpack' });
/** Where a delivered credit went: its number in the night's inbox, 0 when the engine does not know the client. */
interface Delivered {
  readonly slot: number;
  readonly number: number;
}

const deliveredOf = (root: RootDatabase): Database<Delivered, string> => root.openDB({ name: 'engine-delivered', encoding: 'msgpack' });

/** Notes a credit for the engine; to be called inside the transaction that books it. */
export function noteCredit(root: RootDatabase, credit: EngineCredit): void {
  outboxOf(root).putSync(credit.key, credit);
}

/** Notes an early pay-in for the engine; to be called inside the transaction that stores that it was booked. */
export function noteEarlyPayIn(root: RootDatabase, note: EngineEarlyPayIn): void {
  outboxOf(root).putSync(note.key, note);
}

const accountOf = (note: EngineNote): string => ('early' in note ? note.early.account : note.client);

/** The command a note becomes. */
function commandOf(note: EngineNote, slot: number): PlannedCommand {
  const { key } = note;
  if ('early' in note) return { key, kind: 'BookEarlyPayIn', slot, body: note.early };
  return { key, kind: 'CreditFunds', slot, body: { account: note.client, amount: note.amount, reference: key } };
}

/** Hands the outbox to the engine's inbox and empties it. Credits of clients the engine does not know stay nowhere but in the books. */
export async function deliverCredits(dataDirectory: string, root: RootDatabase): Promise<void> {
  const waiting = [...outboxOf(root).getRange({})].map(({ value }) => value);
  if (waiting.length === 0) return;
  const { clients } = await readEngine(dataDirectory);
  for (const note of waiting) {
    const slot = clients.get(accountOf(note))?.slot ?? -1;
    const number = slot < 0 ? 0 : await appendAll(dataDirectory, [commandOf(note, slot)]);
    root.transactionSync(() => {
      deliveredOf(root).putSync(note.key, { slot, number });
      outboxOf(root).removeSync(note.key);
    });
  }
}

/** What the engine knows of a client's money, paise. */
export interface FreeFunds {
  readonly cash: number;
  /** Above the requirement, without a limit granted for the day; below zero when short. */
  readonly free: number;
}

const WAIT_MILLIS = 30_000;
const LOOK_MILLIS = 250;

/**
 * A client's free funds once the engine has taken a credit; undefined when the engine does not know the client. Throws TransientFault when a running
 * gateway has not taken it within half a minute.
 */
export function freeFundsAfter(
  dataDirectory: string,
  root: RootDatabase,
  { key, client }: Pick<EngineCredit, 'key' | 'client'>,
): Promise<FreeFunds | undefined> {
  return oneAtATime(dataDirectory, async () => {
    const { slot, number } = deliveredOf(root).get(key) ?? { slot: -1, number: 0 };
    if (number === 0) return undefined;
    await takeInbox(dataDirectory);
    for (let waited = 0; waited <= WAIT_MILLIS; waited += LOOK_MILLIS) {
      const found = await fundsAfter(dataDirectory, { slot, number }, client);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
    throw new TransientFault('the running gateway has not taken the money from its inbox yet');
  });
}

/** The client's funds once its slot has folded a number of the night's inbox; undefined before. */
function fundsAfter(dataDirectory: string, { slot, number }: Delivered, client: string): Promise<FreeFunds | undefined> {
  return withTables(dataDirectory, (reader) => {
    const state = reader?.readSlot(slot);
    return state === undefined || takenBy(state) < number ? undefined : fundsIn(dataDirectory, state, client);
  });
}

function fundsIn(dataDirectory: string, state: SlotState, client: string): FreeFunds | undefined {
  const table = state.parametersHash === '' ? undefined : loadTable(parametersDirectory(dataDirectory), state.parametersHash);
  state.rebuild(table);
  const view = clientView(state, client);
  if (view === undefined) return undefined;
  const { cash, adhoc, earlySales, earlyPaid } = view.funds;
  return { cash, free: Math.min(cash - earlyPaid, view.available - adhoc - earlySales - view.requirement) };
}
