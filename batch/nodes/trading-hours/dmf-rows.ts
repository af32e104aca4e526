// TH-SNAP-DMF_ROW: the day's snapshots of one segment side by side, one row per client and snapshot. Four for every segment, seven for commodities.
import { peakWindowsOn } from '../../../engine/index.ts';
import type { Segment } from '../../graph/node-row.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import type { NodeBody, NodeContext } from '../../runner/index.ts';
import { segmentOf } from '../end-of-day/day-parts.ts';
import { nightSegmentOf } from '../engine/exchange-segments.ts';
import type { FetchParts } from '../fetch-file.ts';
import { snapshotRole } from './margin-snapshot.ts';
import { readSnapshotLines, type SnapshotLine, shortfallOf, snapshotText } from './snapshot-file.ts';

/** Body of the node, per segment. Outputs: `dmf-rows` (file and hash), rows, clients, sum of their peaks in paise, clients short at any snapshot. */
export function dmfRowBody({ files }: FetchParts): NodeBody {
  return async (context) => {
    const segment = segmentOf(context);
    const taken = snapshotsOf(context, segment);
    const lines = taken.flatMap((path) => readSnapshotLines(path).filter((line) => line.segment === segment));
    const role = `dmf-rows-${segment.toLowerCase()}`;
    const bytes = Buffer.from(snapshotText(lines), 'latin1');
    const kept = files.keep(role, context.date, { name: `${role}-${context.date}.csv`, bytes, sha256: sha256Of(bytes) });
    const peaks = [...peaksOf(lines).values()];
    return {
      outputs: {
        'dmf-rows': { file: kept.path, sha256: kept.sha256 },
        rows: lines.length,
        clients: peaks.length,
        peakRequired: peaks.reduce((sum, { required }) => sum + required, 0),
        shortAtPeak: peaks.filter(({ short }) => short > 0).length,
      },
      gates: [{ name: 'rows: snapshots, written', left: lines.length, right: readSnapshotLines(kept.path).length }],
    };
  };
}

/** What a client's snapshots of one segment come to; paise. */
export interface ClientPeak {
  /** Largest requirement, and largest shortfall; not of the same snapshot by need. */
  readonly required: number;
  readonly short: number;
}

/** The peak of each client. */
export function peaksOf(lines: readonly SnapshotLine[]): Map<string, ClientPeak> {
  const peaks = new Map<string, ClientPeak>();
  for (const line of lines) {
    const before = peaks.get(line.client) ?? { required: 0, short: 0 };
    peaks.set(line.client, { required: Math.max(before.required, line.required), short: Math.max(before.short, shortfallOf(line)) });
  }
  return peaks;
}

/** Files of the snapshots that look at the segment, in their order; one that was skipped has none. */
function snapshotsOf(context: NodeContext, segment: Segment): string[] {
  return peakWindowsOn(Number(context.date.replaceAll('-', '')))
    .filter(({ segments }) => segments.some((each) => nightSegmentOf(each) === segment))
    .flatMap(({ number }) => {
      const entry = context.outputsOf(`TH-SNAP-PEAK_MARGIN#${number}`)[snapshotRole(number)] as { file: string } | undefined;
      return entry === undefined ? [] : [entry.file];
    });
}
