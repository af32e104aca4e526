// Clients' money in the morning: what the closed books say is what the engine may lend on. They part by what the day does not know of (charges,
// interest, penalties), and the difference is a fact the engine is told. Only books that were closed for the day before are asked: half a night's
// would be wrong.
import { Ledger } from '../../ledger/ledger.ts';
import type { NodeContext } from '../../runner/index.ts';
import { type PlannedCommand, planned } from '../engine/engine-inbox.ts';
import type { EngineState } from '../engine/engine-state.ts';

const CLIENT = 'CLIENT/';

/** Balances of clients in paise, by account; undefined when the books were not closed for `before`. */
export function bookedCash({ root }: Pick<NodeContext, 'root'>, before: string): ReadonlyMap<string, number> | undefined {
  const ledger = new Ledger(root);
  if (ledger.closeOf(Number(before.replaceAll('-', ''))) === undefined) return undefined;
  const clients = [...ledger.accounts()].filter(({ id }) => id.startsWith(CLIENT));
  return new Map(clients.map(({ id, balance }) => [id.slice(CLIENT.length), balance]));
}

/** Commands after which the engine has what the books have, and the sum it has then (of clients that are in both). */
export function cashCommands(
  date: string,
  { clients }: EngineState,
  booked: ReadonlyMap<string, number>,
): { readonly commands: PlannedCommand[]; readonly cash: number } {
  const commands: PlannedCommand[] = [];
  let cash = 0;
  for (const [account, balance] of [...booked].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const known = clients.get(account);
    if (known === undefined) continue;
    cash += balance;
    if (known.cash === balance) continue;
    const body = { account, amount: balance - known.cash, reference: `books ${date}` };
    commands.push(planned(date, `cash/${account}`, { kind: 'CreditFunds', slot: known.slot, body }));
  }
  return { commands, cash };
}
