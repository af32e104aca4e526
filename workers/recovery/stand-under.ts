// Every client of a directory under another parameter table: what each must have then, beside what it must have now. The journal is folded to its end as a
// replay does; nothing on disk changes.
import { type ClientSummary, clientSummaries, type ParameterTable, type SlotState } from '../../engine/index.ts';
import type { SlotFold } from '../slot-fold.ts';
import { foldWhole } from './replay-directory.ts';

/** One client, paise. */
export interface StoodClient {
  readonly account: string;
  readonly available: number;
  readonly before: number;
  readonly after: number;
}

/** All clients with a requirement under either table, those who lack most first. */
export interface StoodUnder {
  readonly clients: readonly StoodClient[];
  readonly commands: number;
  readonly seconds: number;
}

const lack = ({ available, after }: StoodClient): number => after - available;

/** Folds the directory, then margins every slot anew under `table`. Throws JournalDamage. */
export async function standUnder(dataDir: string, fold: SlotFold<SlotState>, table: ParameterTable): Promise<StoodUnder> {
  const started = performance.now();
  const { states, commands } = foldWhole(dataDir, fold);
  const clients: StoodClient[] = [];
  for (const state of states) {
    if (state.sequence === 0) continue;
    const now = clientSummaries(state);
    state.changeParameters(table);
    const then = new Map<string, ClientSummary>(clientSummaries(state).map((client) => [client.account, client]));
    for (const { account, requirement, available } of now) {
      const after = then.get(account)?.requirement ?? 0;
      if (requirement > 0 || after > 0) clients.push({ account, available, before: requirement, after });
    }
  }
  clients.sort((a, b) => lack(b) - lack(a) || (a.account < b.account ? -1 : 1));
  return { clients, commands, seconds: (performance.now() - started) / 1000 };
}
