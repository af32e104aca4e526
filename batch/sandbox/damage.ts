// Faults of content: what a malformed, cut, doubled or shuffled file looks like. Done to the text of an offered CSV when it is read, so that the
// sidecar agrees with the damage and only reading the file can find it. Archives (.zip) and SPAN files are left whole.
import { gunzipSync, gzipSync } from 'fflate';
import type { FaultSwitches } from './faults.ts';

/** Rows that come twice when duplicate-rows is on. */
const DOUBLED = 2;

/** The bytes as the faults that are on leave them. `path` tells what kind of file it is. */
export function damaged(path: string, bytes: Uint8Array, faults: FaultSwitches): Uint8Array {
  const isPacked = path.endsWith('.csv.gz');
  if (!isPacked && !path.endsWith('.csv')) return bytes;
  const text = Buffer.from(isPacked ? gunzipSync(bytes) : bytes).toString('latin1');
  const changed = changedText(text, faults);
  if (changed === text) return bytes;
  const plain = Buffer.from(changed, 'latin1');
  return isPacked ? gzipSync(plain, { mtime: 0 }) : plain;
}

function changedText(text: string, faults: FaultSwitches): string {
  let lines = text.trimEnd().split('\n');
  const [header = '', ...rows] = lines;
  if (rows.length === 0) return text;
  if (faults.isOn('missing-column')) lines = lines.map((line) => line.slice(line.indexOf(',') + 1));
  if (faults.isOn('malformed-row')) lines = lines.map((line, at) => (at === 1 ? line.replaceAll(/[0-9]/g, '?') : line));
  if (faults.isOn('duplicate-rows')) lines = [...lines, ...rows.slice(0, DOUBLED)];
  if (faults.isOn('re-issue') && rows.length > 1) lines = lines.slice(0, -1);
  if (faults.isOn('out-of-order')) lines = [header, ...rows.toReversed()];
  return `${lines.join('\n')}\n`;
}
