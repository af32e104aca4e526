// What the clearing corporation answers to an uploaded file: one row per row, accepted, or (upload-reject) the first one rejected with a reason. The answer
// lies in the clearing folder of the same date, under a name made of the upload's.
import type { FaultSwitches } from './faults.ts';
import type { FileTree } from './file-tree.ts';
import { csvText } from './files/csv-text.ts';

/** Columns of the answer; the sandbox's own, as no layout of it is public. */
export const ANSWER_COLUMNS: readonly string[] = ['File', 'Line', 'Sts', 'Reason'];

/** Offers the answer to a file put at /upload/DATE/NAME as /clearing/DATE/NAME.answer.csv. */
export function answerUpload(tree: FileTree, faults: FaultSwitches, path: string, bytes: Uint8Array): void {
  const [, date, name] = /^\/upload\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (date === undefined || name === undefined) return;
  const rejects = faults.play('upload-reject');
  const lines = Buffer.from(bytes).toString('latin1').trimEnd().split('\n').slice(1);
  const rows = lines.map((_, at) => ({
    File: name,
    Line: at + 2,
    Sts: rejects && at === 0 ? 'REJECTED' : 'ACCEPTED',
    Reason: rejects && at === 0 ? 'position differs from ours' : '',
  }));
  tree.offer(`/clearing/${date}/${name}.answer.csv`, Buffer.from(csvText(ANSWER_COLUMNS, rows), 'latin1'));
}
