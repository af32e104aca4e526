// Whose money it is that lies at the clearing corporation: every client's part, told by its code, what changed since the last time as one row up or
// down (the 15 fields of the collateral allocation upload, no header). A client is given at most what the books owe it clear, all together at most
// what is placed; money not yet identified goes under the suspense code. Rounded down to the paisa, the largest fractions first made whole.
import type { Database, RootDatabase } from 'lmdb';
import { paise, paiseText } from '../../../engine/index.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { dayFirst, folderOf, MEMBER_CODE } from '../../ports/file-names.ts';
import type { FilePort } from '../../ports/file-port.ts';
import type { CallPort, NodeContext, Outputs } from '../../runner/index.ts';
import { dayNumber, keepMade, withWays } from '../end-of-day/day-parts.ts';
import { clearLedger } from './funds-clear-ledger.ts';
import type { FundsParts } from './funds-ports.ts';

/** Code under which money of clients not yet identified is placed; never a code of the exchange's client base (from 19-Dec-2024). */
export const SUSPENSE_CODE = 'SUSPE1234N';

/** Paise by client code. */
export type Allocation = ReadonlyMap<string, number>;

const tableOf = (root: RootDatabase): Database<number, string> => root.openDB({ name: 'upstream-allocated', encoding: 'msgpack' });

/** What each code may be given: its clear balance and its cash margin, suspense under its own code. */
export function claimsOf(ledger: Ledger, date: number): Map<string, number> {
  const claims = new Map<string, number>();
  const add = (code: string, amount: number): void => {
    if (amount > 0) claims.set(code, (claims.get(code) ?? 0) + amount);
  };
  for (const { id, balance } of ledger.accounts()) {
    if (id === 'SUSPENSE') add(SUSPENSE_CODE, balance);
    else if (id.startsWith('CLIENT/')) add(id.slice('CLIENT/'.length), clearLedger(ledger, id, date));
    else if (id.startsWith('CLIENT-MARGIN/')) add(id.slice('CLIENT-MARGIN/'.length), balance);
  }
  return new Map([...claims].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Gives every claim its part of `placed`: all of it when there is enough, else in proportion. */
export function allocate(claims: Allocation, placed: number): Map<string, number> {
  const sum = [...claims.values()].reduce((total, each) => total + BigInt(each), 0n);
  if (sum <= BigInt(placed)) return new Map(claims);
  const parts = [...claims].map(([code, claim]) => {
    const share = BigInt(claim) * BigInt(placed);
    return { code, whole: Number(share / sum), rest: share % sum };
  });
  const left = placed - parts.reduce((total, { whole }) => total + whole, 0);
  const byRest = [...parts].sort((a, b) => (a.rest === b.rest ? (a.code < b.code ? -1 : 1) : a.rest > b.rest ? -1 : 1));
  const more = new Set(byRest.slice(0, left).map(({ code }) => code));
  return new Map(parts.map(({ code, whole }) => [code, whole + (more.has(code) ? 1 : 0)]));
}

/** Rows from one allocation to the next; what did not change has none. */
export function allocationRows(date: string, before: Allocation, after: Allocation): string[] {
  const codes = [...new Set([...before.keys(), ...after.keys()])].sort();
  return codes.flatMap((code) => {
    const change = (after.get(code) ?? 0) - (before.get(code) ?? 0);
    if (change === 0) return [];
    return [`${dayFirst(date)},CM,${MEMBER_CODE},${MEMBER_CODE},,${code},C,${paiseText(paise(Math.abs(change)))},,,,,,,${change > 0 ? 'U' : 'D'}`];
  });
}

/** An allocation that was sent. */
export interface SentAllocation {
  readonly outputs: Outputs;
  /** Keeps it, to be called in the node's commit. */
  readonly keep: () => void;
}

/** Works out the allocation of `placed` and puts its rows where the clearing corporation takes them, once. */
export async function sendAllocation(parts: FundsParts, context: NodeContext, ledger: Ledger, placed: number): Promise<SentAllocation> {
  const table = tableOf(context.root);
  const before = new Map([...table.getRange({})].map(({ key, value }) => [key, value]));
  const after = allocate(claimsOf(ledger, dayNumber(context.date)), placed);
  const rows = allocationRows(context.date, before, after);
  const allocated = [...after.values()].reduce((sum, each) => sum + each, 0);
  const keep = (): void => {
    for (const code of before.keys()) if (!after.has(code)) table.removeSync(code);
    for (const [code, amount] of after) table.putSync(code, amount);
  };
  const outputs = { allocated, clients: after.size, suspense: after.get(SUSPENSE_CODE) ?? 0, rows: rows.length };
  if (rows.length === 0) return { outputs, keep };
  const made = keepMade(parts, 'upstream-allocation', context.date, {
    name: `ALLOC_${MEMBER_CODE}_${dayFirst(context.date)}.csv`,
    bytes: Buffer.from(`${rows.join('\n')}\n`, 'latin1'),
  });
  const short = made.sha256.slice(0, SHORT);
  const path = `${folderOf('upload', context.date)}/ALLOC_${MEMBER_CODE}_${dayFirst(context.date)}_${short}.csv`;
  await withWays(parts, ({ clearing }) => {
    const port = putting(clearing.primary, path, { bytes: Buffer.from(`${rows.join('\n')}\n`, 'latin1'), sha256: made.sha256 });
    return context.call(port, `funds-allocation-${short}`, { path, sha256: made.sha256 });
  });
  return { outputs: { ...outputs, file: made.path, sha256: made.sha256, path }, keep };
}

const SHORT = 12;

/** Putting a file as a call: done when its bytes lie there. */
function putting(port: FilePort, path: string, { bytes, sha256 }: { readonly bytes: Uint8Array; readonly sha256: string }): CallPort {
  return {
    name: port.name,
    call: async () => {
      await port.put(path, bytes);
      return { path, sha256 };
    },
    inquire: async () => {
      const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
      const isThere = (await port.list(folder)).some((file) => file.name === name);
      return isThere && (await port.fetch(path)).sha256 === sha256 ? { found: 'done', answer: { path, sha256 } } : { found: 'nothing' };
    },
  };
}
