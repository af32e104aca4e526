// Margin of every client at a moment: a TakeMarginSnapshot through the inbox (so that the journal has the moment, slot by slot), then the figures of each client
// from the state, kept as a file. Taken once per label: what is kept is never taken again, so that a second try shows the first one's figures.
import { readFileSync } from 'node:fs';
import { availableFunds, Client, type ParameterTable, requirementOf } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { loadTable } from '../../../workers/reference/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { istTime, type NodeBody, type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { appendAll, oneAtATime, planned, takenState } from '../engine/engine-inbox.ts';
import { eachSlot } from '../engine/engine-state.ts';
import type { FetchParts } from '../fetch-file.ts';

/** One client at the moment; paise. */
export interface MarginRow {
  readonly account: string;
  readonly required: number;
  readonly available: number;
}

const ACCOUNT_WIDTH = 16;
const HEADER = 'ClntCode,SnapshotTm,Required,Available,Shortfall';

/** What is lacking, paise. */
export const shortfallOf = ({ required, available }: MarginRow): number => Math.max(0, required - available);

/** Body of a node that takes one; `labelOf` names it within the date: peak-1. */
export function marginSnapshotBody(parts: FetchParts, labelOf: (context: NodeContext) => string): NodeBody {
  return async (context) => {
    const label = labelOf(context);
    const role = `margin-${label}`;
    const known = parts.files.of(role, context.date);
    const path = known ?? (await takeSnapshot(parts, context, role, label));
    const rows = readSnapshot(path);
    const sum = (of: (row: MarginRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
    const outputs: Outputs = {
      [role]: { file: path, sha256: sha256Of(readFileSync(path)) },
      clients: rows.length,
      required: sum(({ required }) => required),
      short: rows.filter((row) => shortfallOf(row) > 0).length,
      shortfall: sum(shortfallOf),
    };
    return { outputs, note: `taken at ${timeOf(path)}` };
  };
}

/** Client rows of a kept snapshot. */
export function readSnapshot(path: string): MarginRow[] {
  const [, ...lines] = readFileSync(path, 'latin1').trimEnd().split('\n');
  return lines.map((line) => {
    const [account = '', , required, available] = line.split(',');
    return { account, required: Number(required), available: Number(available) };
  });
}

/** Time of day the snapshot was taken, '' when it has no client. */
export const timeOf = (path: string): string => readFileSync(path, 'latin1').split('\n')[1]?.split(',')[1] ?? '';

async function takeSnapshot({ dataDirectory, files }: FetchParts, context: NodeContext, role: string, label: string): Promise<string> {
  const rows = await oneAtATime(dataDirectory, async () => {
    await appendAll(dataDirectory, [
      planned(context.date, role, { kind: 'TakeMarginSnapshot', slot: 'all', body: { label: `${context.date} ${label}` } }),
    ]);
    const { state } = await takenState(dataDirectory, () => true);
    const businessDate = Number(context.date.replaceAll('-', ''));
    if (state.slots.length === 0 || state.slots.some((slot) => slot.businessDate !== businessDate))
      throw new PermanentFault(`the engine has not opened ${context.date}: there is no margin to record`);
    return marginRows(dataDirectory);
  });
  const time = istTime(context.now());
  const lines = rows.map((row) => [row.account, time, row.required, row.available, shortfallOf(row)].join(','));
  const bytes = Buffer.from(`${[HEADER, ...lines].join('\n')}\n`, 'latin1');
  return files.keep(role, context.date, { name: `${role}.csv`, bytes, sha256: sha256Of(bytes) }).path;
}

async function marginRows(dataDirectory: string): Promise<MarginRow[]> {
  const tables = new Map<string, ParameterTable>();
  const rows: MarginRow[] = [];
  await eachSlot(dataDirectory, (state) => {
    const { clients, parametersHash: hash } = state;
    if (clients.rows <= 1) return;
    const table = tables.get(hash) ?? loadTable(parametersDirectory(dataDirectory), hash);
    tables.set(hash, table);
    state.rebuild(table);
    for (let row = 1; row < state.clients.rows; row++)
      rows.push({
        account: state.clients.text(row, Client.account, ACCOUNT_WIDTH),
        required: requirementOf(state, row),
        available: availableFunds(state, row),
      });
  });
  return rows.sort((a, b) => (a.account < b.account ? -1 : 1));
}
