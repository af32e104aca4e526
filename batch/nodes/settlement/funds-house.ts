// The house's money as settlement has to know it, from money.json of the data directory: which accounts at which bank, how much of client money goes
// up as cash, deposit or overnight-fund units, how large the liquidity buffer is, how long a new bank account has to wait. Absent file, absent field:
// the values below.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PermanentFault } from '../../runner/index.ts';

/** See the file's head. Accounts are those of the chart; amounts in paise. */
export interface FundsHouse {
  /** Receives clients' money and pay-outs, pays up-stream, pay-in and clients. */
  readonly client: string;
  /** Receives what comes down from a clearing corporation. */
  readonly downstream: string;
  /** The firm's own. */
  readonly own: string;
  /** Clearing corporation that client money is upstreamed to. */
  readonly upstreamTo: string;
  /** Parts of what goes up, in percent; the rest is cash. */
  readonly fdrPercent: number;
  readonly mfosPercent: number;
  /** Deposits and fund units are bought in multiples of this. */
  readonly lot: number;
  /** Liquid funds against the highest pay-in so far, in percent. Industry practice: 150. */
  readonly bufferPercent: number;
  /** Hours in which nothing is paid to a bank account that was just registered. */
  readonly coolOffHours: number;
  /** A serving night takes receipts in every so many minutes; 0 = only when told to, and before client money goes up. */
  readonly receiptsMinutes: number;
}

const FILE = 'money.json';
const account = (code: string): z.ZodString => z.string().regex(new RegExp(`^${code}/[A-Za-z0-9-]{1,24}$`), `must be ${code}/NAME`);
const percent = z.int().min(0).max(100);
const schema = z.strictObject({
  client: account('(USCNBA|CLIENT-BANK)').default('USCNBA/HDFC'),
  downstream: account('DSCNBA').default('DSCNBA/HDFC'),
  own: account('OWN-BANK').default('OWN-BANK/HDFC'),
  upstreamTo: z
    .string()
    .regex(/^[A-Z]{1,8}$/)
    .default('NCL'),
  fdrPercent: percent.default(0),
  mfosPercent: percent.default(0),
  lot: z.int().min(1).default(1e7),
  bufferPercent: z.int().min(100).max(1000).default(150),
  coolOffHours: z.int().min(0).max(720).default(24),
  receiptsMinutes: z.int().min(0).max(1440).default(5),
});

/** Reads money.json. Throws PermanentFault with file and field. */
export function readFundsHouse(dataDirectory: string): FundsHouse {
  const path = join(dataDirectory, FILE);
  let value: unknown = {};
  try {
    if (existsSync(path)) value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PermanentFault(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new PermanentFault(`${path}: ${parsed.error.issues.map(({ path: at, message }) => `${z.core.toDotPath(at)}: ${message}`).join('; ')}`);
  if (parsed.data.fdrPercent + parsed.data.mfosPercent > 100) throw new PermanentFault(`${path}: fdrPercent and mfosPercent are above 100 together`);
  return parsed.data;
}

/** The member's settlement account for a clearing corporation. */
export const settlementAccount = (clearing: string): string => `SETTLEMENT/${clearing}`;
/** Client money at a clearing corporation, by form. */
export const upstreamedAccount = (clearing: string, form: 'CASH' | 'FDR' | 'MFOS'): string => `UPSTREAMED/${clearing}-${form}`;
