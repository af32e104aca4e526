// Margin of every client at a moment: a TakeMarginSnapshot through the inbox, folded by the engine slot by slot (so that the journal has the moment), then the
// rows it kept, as a file. Each snapshot of a day has its number and is taken once; a second try finds the rows of the first.
import { readFileSync } from 'node:fs';
import { FINAL_SNAPSHOT, PEAK_WINDOWS, snapshotRows } from '../../../engine/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { istTime, type NodeBody, type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { appendAll, oneAtATime, planned, takenState } from '../engine/engine-inbox.ts';
import { eachSlot } from '../engine/engine-state.ts';
import { nightSegmentOf } from '../engine/exchange-segments.ts';
import type { FetchParts } from '../fetch-file.ts';
import { readSnapshotLines, type SnapshotLine, shortfallOf, snapshotText } from './snapshot-file.ts';

/** Role under which a snapshot's rows are kept. */
export const snapshotRole = (number: number): string => (number === FINAL_SNAPSHOT ? 'margin-final' : `margin-peak-${number}`);

/** Body of a node that takes one; `numberOf` says which of the day's it is. Outputs: the file under snapshotRole, counts and sums in paise. */
export function marginSnapshotBody(parts: FetchParts, numberOf: (context: NodeContext) => number): NodeBody {
  return async (context) => {
    const number = numberOf(context);
    const role = snapshotRole(number);
    const path = parts.files.of(role, context.date) ?? (await takeSnapshot(parts, context, number));
    const lines = readSnapshotLines(path);
    const sum = (of: (line: SnapshotLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
    const outputs: Outputs = {
      [role]: { file: path, sha256: sha256Of(readFileSync(path)) },
      clients: new Set(lines.map(({ client }) => client)).size,
      required: sum(({ required }) => required),
      short: new Set(lines.filter((line) => shortfallOf(line) > 0).map(({ client }) => client)).size,
      shortfall: sum(shortfallOf),
    };
    return { outputs, note: `taken at ${lines[0]?.time ?? istTime(context.now())}` };
  };
}

async function takeSnapshot({ dataDirectory, files }: FetchParts, context: NodeContext, number: number): Promise<string> {
  const role = snapshotRole(number);
  const segments = PEAK_WINDOWS.find((each) => each.number === number)?.segments;
  const body = { label: `${context.date} ${role}`, number, ...(segments === undefined ? {} : { segments }) };
  const lines = await oneAtATime(dataDirectory, async () => {
    await appendAll(dataDirectory, [planned(context.date, role, { kind: 'TakeMarginSnapshot', slot: 'all', body })]);
    const { state } = await takenState(dataDirectory, ({ slots }) => slots.every(({ snapshots }) => snapshots.includes(number)), context.now);
    const businessDate = Number(context.date.replaceAll('-', ''));
    if (state.slots.length === 0 || state.slots.some((slot) => slot.businessDate !== businessDate))
      throw new PermanentFault(`the engine has not opened ${context.date}: there is no margin to record`);
    return rowsOf(dataDirectory, number);
  });
  const bytes = Buffer.from(snapshotText(lines), 'latin1');
  return files.keep(role, context.date, { name: `${role}.csv`, bytes, sha256: sha256Of(bytes) }).path;
}

/** Rows of the snapshot by client and segment: what two exchanges' segments ask is one line, as one clearing corporation clears both. */
async function rowsOf(dataDirectory: string, number: number): Promise<SnapshotLine[]> {
  const lines = new Map<string, SnapshotLine>();
  await eachSlot(dataDirectory, (state) => {
    for (const row of snapshotRows(state)) {
      if (row.number !== number) continue;
      const segment = nightSegmentOf(row.segment);
      const before = lines.get(`${row.account} ${segment}`);
      lines.set(`${row.account} ${segment}`, {
        client: row.account,
        segment,
        number,
        time: istTime(row.time),
        required: row.required + (before?.required ?? 0),
        available: Math.max(row.available, before?.available ?? 0),
      });
    }
  });
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
