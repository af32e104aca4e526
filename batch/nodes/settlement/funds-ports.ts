// Bank and clearing corporations as settlement sees them: instructions by key, and what they show to read. What they show is checked field by field
// before it counts.
import { z } from 'zod';
import { callPort, readPortsFile } from '../../ports/ports-file.ts';
import { type CallPort, PermanentFault, TransientFault } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';

/** Who moves money for us. */
export type MoneyTarget = 'bank' | 'clearing';

/** A counterparty that takes instructions and shows its books. */
export interface MoneyPort extends CallPort {
  /** A page of what it shows. Throws TransientFault when it cannot be had. */
  read(page: string, query: Readonly<Record<string, string>>): Promise<unknown>;
}

/** What bodies that move money are made with. */
export interface FundsParts extends DayParts {
  /** Throws PermanentFault when there is no way to the counterparty. */
  readonly port: (target: MoneyTarget) => MoneyPort;
}

/** Ports by ports.json, read anew each time: an operator may correct it while the night runs. */
export function portsOf(dataDirectory: string): FundsParts['port'] {
  return (target) => {
    let config: ReturnType<typeof readPortsFile>;
    try {
      config = readPortsFile(dataDirectory);
    } catch (error) {
      throw new PermanentFault(error instanceof Error ? error.message : String(error));
    }
    return callPort(config, target);
  };
}

/** One line of a bank account; paise, above zero came in. */
export interface StatementLine {
  readonly line: number;
  readonly key: string;
  readonly reference: string;
  readonly counter: string;
  readonly name: string;
  readonly paise: number;
  readonly balance: number;
}

const paise = z.int();
const lineSchema: z.ZodType<StatementLine> = z.object({
  line: z.int().min(1),
  key: z.string(),
  reference: z.string(),
  counter: z.string(),
  name: z.string(),
  paise,
  balance: paise,
});
const statementSchema = z.object({ lines: z.array(lineSchema), balance: paise });
const movementSchema = z.object({ lines: z.array(z.object({ paise })) });
const settlementSchema = z.object({ paidIn: paise, paidOut: paise });

/** What a clearing corporation shows: collateral by `CLEARING-FORM`, settlements by `CLEARING-NUMBER`; paise. */
export interface ClearingPage {
  readonly placed: Readonly<Record<string, number>>;
  readonly settlements: Readonly<Record<string, { readonly paidIn: number; readonly paidOut: number }>>;
}
const placedSchema: z.ZodType<ClearingPage> = z.object({ placed: z.record(z.string(), paise), settlements: z.record(z.string(), settlementSchema) });

/** A cheque the bank has and has not cleared. */
export interface UnclearedCredit {
  readonly to: string;
  readonly from: string;
  readonly reference: string;
  readonly paise: number;
}
const unclearedSchema: z.ZodType<{ credits: UnclearedCredit[] }> = z.object({
  credits: z.array(z.object({ to: z.string(), from: z.string(), reference: z.string(), paise })),
});

async function page<Result>(port: MoneyPort, name: string, query: Readonly<Record<string, string>>, schema: z.ZodType<Result>): Promise<Result> {
  const parsed = schema.safeParse(await port.read(name, query));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TransientFault(`${port.name}: ${name} cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** Lines of an account after line `after`, and its balance; the lines must lead to the balance. */
export async function statementOf(port: MoneyPort, account: string, after: number): Promise<{ lines: readonly StatementLine[]; balance: number }> {
  const { lines, balance } = await page(port, 'statement', { account, after: String(after) }, statementSchema);
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    const isWhole = line.line === after + at + 1 && (before === undefined || before.balance + line.paise === line.balance);
    if (!isWhole) throw new TransientFault(`${port.name}: statement of ${account} does not hang together at line ${line.line}`);
  }
  if (lines.length > 0 && lines.at(-1)?.balance !== balance)
    throw new TransientFault(`${port.name}: statement of ${account} ends at another balance`);
  return { lines, balance };
}

/** Paise that moved under a key by the counterparty's own books; undefined when it shows nothing. */
export async function movedUnder(port: MoneyPort, target: MoneyTarget, key: string): Promise<number | undefined> {
  const { lines } = await page(port, target === 'bank' ? 'statement' : 'acknowledgements', { key }, movementSchema);
  const [line] = lines;
  return line === undefined ? undefined : Math.abs(line.paise);
}

/** What the clearing corporations show. */
export const clearingPage = (port: MoneyPort): Promise<ClearingPage> => page(port, 'collateral', {}, placedSchema);

/** Cheques that have not cleared. */
export const unclearedAt = async (port: MoneyPort): Promise<readonly UnclearedCredit[]> =>
  (await page(port, 'uncleared', {}, unclearedSchema)).credits;
