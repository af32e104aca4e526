// The broker's own clients, as onboarding leaves them in DATA/clients.jsonl: one JSON object a line, fields and units of the engine's commands. Read whole and
// checked whole; a bad line leaves nothing half done. Whom the engine does not know yet is opened from here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { OpenAccountBody } from '../../../engine/index.ts';
import { FileError } from '../../files/file-error.ts';

const units = z.int().min(0).max(1e8);
const amount = z.int().min(-1e13).max(1e13);
const instrument = { segment: z.int().min(1).max(7), token: z.int().min(1).max(0xffff_ffff) };

/** One client. Amounts in paise after haircut, quantities in units, prices in ticks. */
export interface MasterClient {
  readonly account: string;
  readonly riskGroup: string;
  readonly status: OpenAccountBody['status'];
  readonly kind: OpenAccountBody['kind'];
  readonly segments: readonly number[];
  readonly cash: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  readonly holdings: readonly { segment: number; token: number; free: number; pledged: number; t1: number }[];
  readonly positions: readonly { segment: number; token: number; product: number; quantity: number; price: number }[];
  readonly limits: Readonly<Record<string, number>>;
}

const schema: z.ZodType<MasterClient> = z.object({
  account: z.string().regex(/^[\x21-\x7e]{1,16}$/, 'must be 1 to 16 printable characters without spaces'),
  riskGroup: z.string().regex(/^[\x21-\x7e]{1,32}$/),
  status: z.enum(['ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED']),
  kind: z.enum(['CLIENT', 'PROPRIETARY', 'ERROR', 'CUSTODIAL']),
  segments: z.array(z.int().min(1).max(7)).max(7),
  cash: amount,
  cashEquivalent: amount.min(0),
  nonCash: amount.min(0),
  holdings: z.array(z.object({ ...instrument, free: units, pledged: units, t1: units })).default([]),
  positions: z.array(z.object({ ...instrument, product: z.int(), quantity: z.int(), price: z.int().min(0) })).default([]),
  limits: z.record(z.string(), z.int().min(0)).default({}),
});

/** Name of the file in a data directory. */
export const CLIENT_MASTER = 'clients.jsonl';

/** Clients by account. Throws FileError with line and field. */
export function readClientMaster(dataDirectory: string): Map<string, MasterClient> {
  const file = join(dataDirectory, CLIENT_MASTER);
  const clients = new Map<string, MasterClient>();
  if (!existsSync(file)) throw new FileError(file, '', 'is not there: it holds the broker’s own clients');
  for (const [at, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    const parsed = schema.safeParse(jsonOf(file, at + 1, line));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new FileError(file, `line ${at + 1}, ${issue?.path.join('.') ?? ''}`, issue?.message ?? 'cannot be read');
    }
    if (clients.has(parsed.data.account)) throw new FileError(file, `line ${at + 1}`, `${parsed.data.account} stands there already`);
    clients.set(parsed.data.account, parsed.data);
  }
  return clients;
}

function jsonOf(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError(file, `line ${line}`, (error as Error).message);
  }
}
