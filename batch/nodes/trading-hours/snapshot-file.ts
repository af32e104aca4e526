// Margin snapshot rows as a file: one line per client, segment and snapshot, amounts in paise. This program's own picture of what the clearing corporation is
// told; the upload's layout is not public and is not guessed. Read by header name; a line that is none is refused with its place.
import { readFileSync } from 'node:fs';
import { SEGMENTS, type Segment } from '../../graph/node-row.ts';
import { PermanentFault } from '../../runner/index.ts';

/** One client in one segment at one snapshot; paise. */
export interface SnapshotLine {
  readonly client: string;
  readonly segment: Segment;
  /** Number of the snapshot within the day. */
  readonly number: number;
  /** Time of day, HH:MM. */
  readonly time: string;
  readonly required: number;
  readonly available: number;
}

const COLUMNS = ['ClntCode', 'CCSegCd', 'SnapshotSeq', 'SnapshotTm', 'Required', 'Available', 'Shortfall'] as const;
/** What is lacking, paise. */
export const shortfallOf = ({ required, available }: Pick<SnapshotLine, 'required' | 'available'>): number => Math.max(0, required - available);

/** Text of the file. */
export function snapshotText(lines: readonly SnapshotLine[]): string {
  const rows = lines.map((line) => [line.client, line.segment, line.number, line.time, line.required, line.available, shortfallOf(line)].join(','));
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`;
}

/** Lines of a kept file. Throws PermanentFault naming the line that is none. */
export function readSnapshotLines(path: string): SnapshotLine[] {
  const [header = '', ...lines] = readFileSync(path, 'latin1').trimEnd().split('\n');
  const places = COLUMNS.map((column) => header.split(',').indexOf(column));
  if (places.includes(-1)) throw new PermanentFault(`${path}: line 1: lacks ${COLUMNS.filter((_, i) => places[i] === -1).join(', ')}`);
  return lines.map((text, index) => {
    const cells = text.split(',');
    const [client = '', segment = '', number = '', time = '', required = '', available = ''] = places.map((place) => cells[place] ?? '');
    const amounts = [number, required, available].map(Number);
    const known = SEGMENTS.find((each) => each === segment);
    if (client === '' || known === undefined || required === '' || available === '' || !amounts.every(Number.isSafeInteger))
      throw new PermanentFault(`${path}: line ${index + 2}: is no snapshot row`);
    return { client, segment: known, number: Number(number), time, required: Number(required), available: Number(available) };
  });
}
