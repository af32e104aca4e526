// TH-SNAP-DMF_ROW: the day's snapshots side by side, one row per client and snapshot, and the client's peak. The columns are this program's own picture of what the
// clearing corporation is told; the upload's layout is not public and is not guessed here.
import { sha256Of } from '../../ports/fetched-file.ts';
import type { NodeBody } from '../../runner/index.ts';
import type { FetchParts } from '../fetch-file.ts';
import { type MarginRow, readSnapshot, shortfallOf, timeOf } from './margin-snapshot.ts';

/** Snapshots a day, by the plan's clocks. */
export const SNAPSHOTS = 4;

/** Body of the node. */
export function dmfRowBody({ files }: FetchParts): NodeBody {
  return async (context) => {
    const lines: string[] = [];
    const peak = new Map<string, MarginRow>();
    let taken = 0;
    for (let number = 1; number <= SNAPSHOTS; number++) {
      const entry = context.outputsOf(`TH-SNAP-PEAK_MARGIN#${number}`)[`margin-peak-${number}`] as { file: string } | undefined;
      if (entry === undefined) continue;
      const time = timeOf(entry.file);
      for (const row of readSnapshot(entry.file)) {
        taken += 1;
        lines.push([row.account, number, time, row.required, row.available, shortfallOf(row)].join(','));
        const before = peak.get(row.account);
        if (before === undefined || row.required > before.required) peak.set(row.account, row);
      }
    }
    const bytes = Buffer.from(`ClntCode,SnapshotSeq,SnapshotTm,Required,Available,Shortfall\n${lines.map((line) => `${line}\n`).join('')}`, 'latin1');
    const kept = files.keep('dmf-rows', context.date, { name: `dmf-rows-${context.date}.csv`, bytes, sha256: sha256Of(bytes) });
    const clients = [...peak.values()];
    return {
      outputs: {
        'dmf-rows': { file: kept.path, sha256: kept.sha256 },
        rows: lines.length,
        clients: clients.length,
        peakRequired: clients.reduce((sum, { required }) => sum + required, 0),
        shortAtPeak: clients.filter((row) => shortfallOf(row) > 0).length,
      },
      gates: [{ name: 'rows: snapshots, written', left: taken, right: lines.length }],
    };
  };
}
