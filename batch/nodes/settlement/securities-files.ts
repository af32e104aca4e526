// Lists the securities legs make and read again: rows of a kept CSV, written once per run before anything is instructed by them, so that a second try after a
// crash instructs the same; demat accounts as the depositories list them.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { readCsvFile } from '../../files/csv-file.ts';
import { FileError, shown } from '../../files/file-error.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { FILE_NAMES, pathOf } from '../../ports/file-names.ts';
import type { NodeContext, Outputs } from '../../runner/index.ts';
import { pledgeCheck } from '../begin-of-day/carried-checks.ts';
import { corporateActionsCheck } from '../begin-of-day/corporate-actions.ts';
import { type DayParts, keepMade, recordOf, refusing, textOf, useKept, withWays } from '../end-of-day/day-parts.ts';
import { fetchBody, fileRole } from '../fetch-file.ts';
import type { NightFiles } from '../night-files.ts';

/** A row of a list: texts by column. */
export type ListRow = Readonly<Record<string, string>>;

/** A list as it was kept. */
export interface KeptList {
  readonly path: string;
  readonly sha256: string;
  readonly rows: readonly ListRow[];
}

/** The list of this run under `role`: what an earlier try kept, or what `make` says now. */
export function listOnce(
  parts: DayParts,
  context: NodeContext,
  role: string,
  make: () => { columns: readonly string[]; rows: readonly ListRow[] },
): KeptList {
  const name = `${role}-${context.runId.replaceAll('/', '-')}.csv`;
  const known = parts.files.named(role, context.date, name);
  if (known !== undefined) {
    const bytes = readFileSync(known);
    return { path: known, sha256: sha256Of(bytes), rows: rowsOf(bytes.toString('latin1')) };
  }
  const { columns, rows } = make();
  const text = `${[columns.join(','), ...rows.map((row) => columns.map((column) => row[column] ?? '').join(','))].join('\n')}\n`;
  const kept = keepMade(parts, role, context.date, { name, bytes: Buffer.from(text, 'latin1') });
  return { path: kept.path, sha256: kept.sha256, rows: rowsOf(text) };
}

/** Runs of a date that are looked back on for the newest list. */
const RUNS_MAX = 99;

/** The list of a date's newest run that made one, with its run; undefined where none did. */
export function newestList(files: NightFiles, role: string, date: string): { readonly run: string; readonly rows: readonly ListRow[] } | undefined {
  let found: { readonly run: string; readonly path: string } | undefined;
  for (let count = 1; count <= RUNS_MAX; count++) {
    const path = files.named(role, date, `${role}-${date}-set-${count}.csv`);
    if (path === undefined) break;
    found = { run: `${date}/set/${count}`, path };
  }
  return found === undefined ? undefined : { run: found.run, rows: rowsOf(readFileSync(found.path, 'latin1')) };
}

/** A list another node left, pinned to this run. */
export function keptList(context: NodeContext, role: string, outputs: Outputs, name = 'file'): readonly ListRow[] {
  return rowsOf(readFileSync(useKept(context, role, outputs, name), 'latin1'));
}

/** Rows of a kept list. */
export const rowsOf = (text: string): ListRow[] => parse(text, { columns: true }) as ListRow[];

/** A client's primary demat account. */
export interface Demat {
  readonly depository: string;
  readonly bo: string;
}

const CDSL_ACCOUNT = /^\d{16}$/;
const NSDL_ACCOUNT = /^IN\d{6}\d{8}$/;

/** What the depositories list on a date, as taken in. */
export interface DepositoryLists {
  /** Primary demat accounts by client. */
  readonly demats: ReadonlyMap<string, Demat>;
  /** The member's own pool accounts by depository. */
  readonly pools: Readonly<Record<string, string>>;
  /** Units by client, morning of the date. */
  readonly units: string;
  readonly corporateActions: string;
}

/** Takes the lists in. Throws TransientFault while one is not there, PermanentFault naming file and line when one is wrong. */
export async function depositoryLists(parts: DayParts, context: NodeContext): Promise<DepositoryLists> {
  const roles = [
    fileRole('demat-accounts', async (file) => ({ accounts: (await readDematList(file)).demats.size })),
    fileRole('pledge-status', pledgeCheck),
    fileRole('corporate-actions', corporateActionsCheck),
  ];
  const { outputs = {} } = await fetchBody(parts, ...roles)(context);
  const taken = (role: string): string => textOf(recordOf(outputs[role], role), 'file');
  return {
    ...(await refusing(() => readDematList(taken('demat-accounts')))),
    units: taken('pledge-status'),
    corporateActions: taken('corporate-actions'),
  };
}

/**
 * Demat accounts as the depository lists them now, for what is done in the day. Throws TransientFault while the list is not there, PermanentFault
 * when it is wrong.
 */
export async function dematsNow(parts: DayParts, date: string): Promise<ReadonlyMap<string, Demat>> {
  const role = 'demat-accounts';
  const path = pathOf(role, date, parts.calendar.tradedBefore(date));
  const file = await withWays(parts, (ways) => ways[FILE_NAMES[role].source].primary.fetch(path));
  const kept = parts.files.keep(`${role}-in-day`, date, file);
  return (await refusing(() => readDematList(kept.path))).demats;
}

/** Reads a list of demat accounts; primary and active ones count, and the member's pool accounts (P). Rejects with FileError. */
async function readDematList(file: string): Promise<Pick<DepositoryLists, 'demats' | 'pools'>> {
  const found = new Map<string, Demat>();
  const pools: Record<string, string> = {};
  await readCsvFile(file, ['ClntId', 'Dpstry', 'BnfcryAcct', 'Prmry', 'Sts'], (row) => {
    const [depository, bo] = [row.text('Dpstry'), row.text('BnfcryAcct')];
    const shape = { CDSL: CDSL_ACCOUNT, NSDL: NSDL_ACCOUNT }[depository];
    if (shape === undefined) throw new FileError(file, `line ${row.line}, Dpstry`, `${shown(depository)} is neither CDSL nor NSDL`);
    if (!shape.test(bo)) throw new FileError(file, `line ${row.line}, BnfcryAcct`, `${shown(bo)} is not an account at ${depository}`);
    if (row.text('Prmry') === 'P') pools[depository] = bo;
    if (row.text('Prmry') !== 'Y' || row.text('Sts') !== 'ACTIVE') return;
    if (found.has(row.text('ClntId'))) throw new FileError(file, `line ${row.line}, ClntId`, `${shown(row.text('ClntId'))} has two primary accounts`);
    found.set(row.text('ClntId'), { depository, bo });
  });
  return { demats: found, pools };
}
