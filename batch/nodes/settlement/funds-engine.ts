// Client money in the engine: what the books decide goes to it by an outbox that commits with the booking and is emptied into the night's inbox by key, so that the engine
// takes it exactly once. What a client could take out is what its funds leave above its requirement, as the engine's own state says; a limit granted for the day is
// not money and does not count.
import type { Database, RootDatabase } from 'lmdb';
import { clientView, type SlotState } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { loadTable } from '../../../workers/reference/index.ts';
import { appendAll, oneAtATime, type PlannedCommand, takenState } from '../engine/engine-inbox.ts';
import { eachSlot, readEngine } from '../engine/engine-state.ts';

/** Cash to add to or take from a client in the engine; paise. */
export interface EngineCredit {
  readonly key: string;
  readonly client: string;
  readonly amount: number;
}

const outboxOf = (root: RootDatabase): Database<EngineCredit, string> => root.openDB({ name: 'engine-outbox', encoding: 'msgpack' });

/** Notes a credit for the engine; to be called inside the transaction that books it. */
export function noteCredit(root: RootDatabase, credit: EngineCredit): void {
  outboxOf(root).putSync(credit.key, credit);
}

/** Hands the outbox to the engine's inbox and empties it; credits of clients the engine does not know stay nowhere but in the books. */
export async function deliverCredits(dataDirectory: string, root: RootDatabase): Promise<number> {
  const table = outboxOf(root);
  const waiting = [...table.getRange({})].map(({ value }) => value);
  if (waiting.length === 0) return 0;
  const { clients } = await readEngine(dataDirectory);
  const commands = waiting.flatMap(({ key, client, amount }): PlannedCommand[] => {
    const slot = clients.get(client)?.slot;
    return slot === undefined ? [] : [{ key, kind: 'CreditFunds', slot, body: { account: client, amount, reference: key } }];
  });
  if (commands.length > 0) await appendAll(dataDirectory, commands);
  root.transactionSync(() => {
    for (const { key } of waiting) table.removeSync(key);
  });
  return commands.length;
}

/** What the engine knows of a client's money, paise. */
export interface FreeFunds {
  readonly cash: number;
  /** Above the requirement, without a limit granted for the day; below zero when short. */
  readonly free: number;
}

/** Has the engine take its inbox, then a client's free funds; undefined when the engine does not know the client. */
export function freeFunds(dataDirectory: string, client: string, isTaken: (cash: number) => boolean): Promise<FreeFunds | undefined> {
  return oneAtATime(dataDirectory, async () => {
    const known = (await readEngine(dataDirectory)).clients.get(client);
    if (known === undefined) return undefined;
    await takenState(dataDirectory, ({ clients }) => isTaken(clients.get(client)?.cash ?? 0));
    let found: FreeFunds | undefined;
    await eachSlot(dataDirectory, (state) => {
      if (state.slot === known.slot) found = fundsIn(dataDirectory, state, client);
    });
    return found;
  });
}

function fundsIn(dataDirectory: string, state: SlotState, client: string): FreeFunds | undefined {
  const table = state.parametersHash === '' ? undefined : loadTable(parametersDirectory(dataDirectory), state.parametersHash);
  state.rebuild(table);
  const view = clientView(state, client);
  if (view === undefined) return undefined;
  return { cash: view.funds.cash, free: Math.min(view.funds.cash, view.available - view.funds.adhoc - view.requirement) };
}
