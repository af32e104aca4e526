// Instructions about units to depositories and clearing corporation: rows in parcels, each parcel called once by key, each row decided by the other
// side. What was refused is named; what was done is counted by row, never by parcel. What was refused, a parcel or rows of it, is instructed anew
// under a key of its own when a person lets the node run again, and only then: a refusal took no effect, what was done is never sent twice.
import { z } from 'zod';
import type { HttpPort } from '../../ports/http-port.ts';
import { type CallTarget, callPort, readPortsFile } from '../../ports/ports-file.ts';
import { type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';

/** One client's units of one ISIN. */
export interface UnitRow {
  readonly client: string;
  /** Demat account. */
  readonly bo: string;
  readonly isin: string;
  readonly units: number;
}

/** A row as the other side decided it. */
export interface DecidedRow extends UnitRow {
  /** '' = done. */
  readonly refusal: string;
  /** 0: decided at once; n: when it was instructed anew for the nth time. */
  readonly turn: number;
  /** Account that units went to, where the other side says so; else ''. */
  readonly credited: string;
}

/** A row of a list as it is instructed. */
export const unitRow = ({ client = '', bo = '', isin = '', units = '0' }: Readonly<Record<string, string>>): UnitRow => ({
  client,
  bo,
  isin,
  units: Number(units),
});

/** What an instruction is about, beside its rows. */
export interface UnitInstruction {
  readonly target: Extract<CallTarget, 'depository' | 'clearing'>;
  /** Name of the call; parcels are numbered behind it. */
  readonly name: string;
  readonly request: Outputs;
}

/** Rows in one call. */
const PARCEL_ROWS = 500;

const answerSchema = z.object({
  rows: z.array(
    z.object({ client: z.string(), isin: z.string(), units: z.int(), status: z.enum(['S', 'R']), reason: z.string(), bo: z.string().default('') }),
  ),
});

/** The way to a counterparty by ports.json, read anew each time. Throws PermanentFault when there is none. */
export function unitPort({ dataDirectory }: DayParts, target: UnitInstruction['target']): HttpPort {
  try {
    return callPort(readPortsFile(dataDirectory), target);
  } catch (error) {
    throw new PermanentFault(error instanceof Error ? error.message : String(error));
  }
}

/** Instructs row by row; rows come back in their order with what became of each. Nothing is called without rows. */
export async function instructRows(
  parts: DayParts,
  context: NodeContext,
  instruction: UnitInstruction,
  rows: readonly UnitRow[],
): Promise<DecidedRow[]> {
  const decided: DecidedRow[] = [];
  for (let at = 0; at < rows.length; at += PARCEL_ROWS) {
    const parcel = rows.slice(at, at + PARCEL_ROWS);
    decided.push(
      ...(await instructParcel(parts, context, { ...instruction, name: `securities ${instruction.name} ${at / PARCEL_ROWS + 1}` }, parcel)),
    );
  }
  return decided;
}

/** One parcel, and what was refused of it as often as a person let the node run again after that. */
async function instructParcel(
  parts: DayParts,
  context: NodeContext,
  { target, name: first, request }: UnitInstruction,
  parcel: readonly UnitRow[],
): Promise<DecidedRow[]> {
  let decided: DecidedRow[] = parcel.map((row) => ({ ...row, refusal: 'not asked', turn: 0, credited: '' }));
  for (let turn = 0; ; turn++) {
    const name = turn === 0 ? first : `${first} anew ${turn}`;
    const asked = decided.filter(({ refusal }) => refusal !== '');
    const isSeen = context.isSeen(name);
    const rows = asked.map(({ client, bo, isin, units }) => ({ client, bo, isin, units }));
    const answer = await context.instruct(unitPort(parts, target), name, { ...request, rows });
    const answered = decidedRows(`${target}: ${name}`, asked, answer, turn).values();
    decided = decided.map((row) => (row.refusal === '' ? row : (answered.next().value ?? row)));
    if (!isSeen || decided.every(({ refusal }) => refusal === '')) return decided;
  }
}

/** Lays an answer beside its rows. Throws PermanentFault when it is not an answer to them: then nobody may believe any of it. */
export function decidedRows(name: string, parcel: readonly UnitRow[], answer: Outputs, turn: number): DecidedRow[] {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw new PermanentFault(`${name}: the answer is none: ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  return parcel.map((row, at) => {
    const other = parsed.data.rows[at];
    if (other?.client !== row.client || other.isin !== row.isin || other.units !== row.units)
      throw new PermanentFault(`${name}: row ${at + 1} is answered with another row than ${row.client} ${row.isin} ${row.units}`);
    return { ...row, turn, credited: other.bo, refusal: other.status === 'S' ? '' : other.reason || 'refused' };
  });
}
