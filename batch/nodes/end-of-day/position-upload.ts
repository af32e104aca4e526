// EOD-POS-FILE and EOD-POS-UPLOAD: the position file checked and put where the clearing corporation takes it, its answer read row by row. The upload is a call
// made once by key; whoever does not know whether it arrived looks at what lies there. Rejected rows are a fault that names them.
import { readFileSync } from 'node:fs';
import { readCsvFile } from '../../files/csv-file.ts';
import { SEGMENT_OF } from '../../graph/node-row.ts';
import { folderOf, positionUploadPath } from '../../ports/file-names.ts';
import type { FilePort } from '../../ports/file-port.ts';
import { type CallPort, type NodeBody, PermanentFault, TransientFault } from '../../runner/index.ts';
import { chainOf, type DayParts, keepMade, numberOf, refusing, textOf, useKept, withWays } from './day-parts.ts';
import { closingRole } from './derivative-day.ts';
import { POSITION_COLUMNS, readCarriedPositions } from './position-file.ts';

const NOTHING = 'cash shares have no position file';
const SHOWN_MAX = 5;
const VERSIONS_MAX = 100;

/** Body of EOD-POS-FILE. Outputs: `file` with its hash, rows and the units carried out. */
export function positionFileBody(parts: DayParts): NodeBody {
  return async (context) => {
    const chain = chainOf(context);
    if (SEGMENT_OF[chain] === 'CM') return { note: NOTHING };
    const closing = context.outputsOf(`EOD-MTM-EOD@${chain}`);
    const path = useKept(context, closingRole(chain), closing);
    const rows = await refusing(() => readCsvFile(path, POSITION_COLUMNS, () => {}));
    const carried = await refusing(() => readCarriedPositions(path));
    const name = positionUploadPath(chain, context.date).split('/').at(-1) ?? '';
    const made = keepMade(parts, `position-file-${chain.toLowerCase()}`, context.date, { name, bytes: readFileSync(path) });
    const units = (sign: 1 | -1): number => carried.reduce((sum, one) => sum + Math.max(0, sign * one.units), 0);
    return {
      outputs: { file: made.path, sha256: made.sha256, rows, long: units(1), short: units(-1) },
      gates: [{ name: 'rows of the file = positions marked', left: rows, right: numberOf(closing, 'positions') }],
    };
  };
}

/** Body of EOD-POS-UPLOAD. Outputs: where it was put and how many rows were accepted. */
export function positionUploadBody(parts: DayParts): NodeBody {
  return async (context) => {
    const chain = chainOf(context);
    if (SEGMENT_OF[chain] === 'CM') return { note: NOTHING };
    const positions = context.outputsOf(`EOD-POS-FILE@${chain}`);
    if (numberOf(positions, 'rows') === 0) return { note: 'no positions: nothing to upload' };
    const file = useKept(context, `position-file-${chain.toLowerCase()}`, positions);
    const sha256 = textOf(positions, 'sha256');
    return withWays(parts, async (ways) => {
      const port = context.way === 'alternate' ? ways.clearing.alternate : ways.clearing.primary;
      const bytes = readFileSync(file);
      const to = await freePath(port, positionUploadPath(chain, context.date), sha256);
      await context.call(uploadPort(port, to, bytes, sha256), `upload-${sha256.slice(0, 12)}`, { path: to, sha256 });
      const name = to.split('/').at(-1) ?? '';
      const answer = await port.fetch(`${folderOf('clearing', context.date)}/${name}.answer.csv`);
      const kept = parts.files.keep('position-upload-answer', context.date, answer);
      const accepted = await readAnswer(kept.path);
      return {
        outputs: { path: to, sha256, accepted, answer: kept.path, answerSha256: answer.sha256 },
        gates: [{ name: 'rows accepted = rows sent', left: accepted, right: numberOf(positions, 'rows') }],
      };
    });
  };
}

/** The first name that is free or holds these bytes already: a corrected file goes beside the one that was rejected, under a rising number. */
async function freePath(port: FilePort, path: string, sha256: string): Promise<string> {
  for (let version = 1; version <= VERSIONS_MAX; version++) {
    const candidate = version === 1 ? path : path.replace(/\.csv$/, `_${version}.csv`);
    const there = await existing(port, candidate);
    if (there === undefined || there === sha256) return candidate;
  }
  throw new PermanentFault(`${path}: ${VERSIONS_MAX} versions of it lie there already`);
}

/** Hash of what lies at a path, undefined when nothing does. */
async function existing(port: FilePort, path: string): Promise<string | undefined> {
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  const listed = await port.list(folder);
  if (!listed.some((file) => file.name === name)) return undefined;
  return (await port.fetch(path)).sha256;
}

/** Putting a file as a call: done when its bytes lie there. */
function uploadPort(port: FilePort, path: string, bytes: Uint8Array, sha256: string): CallPort {
  return {
    name: port.name,
    call: async () => {
      await port.put(path, bytes);
      return { path, sha256 };
    },
    inquire: async () => {
      const there = await existing(port, path);
      if (there === undefined) return { found: 'nothing' };
      return there === sha256 ? { found: 'done', answer: { path, sha256 } } : { found: 'refused', reason: `${path}: another file lies there` };
    },
  };
}

/** Rows accepted. Throws PermanentFault naming what was rejected and why. */
async function readAnswer(file: string): Promise<number> {
  let accepted = 0;
  const rejected: string[] = [];
  await refusing(() =>
    readCsvFile(file, ['Line', 'Sts', 'Reason'], (row) => {
      if (row.text('Sts') === 'ACCEPTED') accepted += 1;
      else rejected.push(`line ${row.text('Line')}: ${row.text('Reason')}`);
    }),
  );
  if (rejected.length > 0)
    throw new PermanentFault(
      `${file}: ${rejected.length} rows were rejected: ${rejected.slice(0, SHOWN_MAX).join('; ')}${rejected.length > SHOWN_MAX ? '; …' : ''}`,
    );
  if (accepted === 0) throw new TransientFault(`${file}: the answer has no row yet`);
  return accepted;
}
