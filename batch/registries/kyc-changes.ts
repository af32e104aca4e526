// Clients whose KYC is new or has changed, as account opening and modifications leave them: `kyc/changes.jsonl` of the data directory, one JSON
// object a line. Read whole; a line that is wrong refuses the file with its place, because a change nobody uploads is a breach nobody sees.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FileError } from '../files/file-error.ts';

/** One new or changed KYC record. */
export interface KycChange {
  /** Names the change for ever; a corrected record comes with another reference. */
  readonly reference: string;
  readonly client: string;
  readonly pan: string;
  readonly kind: 'NEW' | 'MODIFIED';
  /** Day on which the account was opened or the change accepted, YYYY-MM-DD: what the registries' time limits count from. */
  readonly on: string;
  readonly name: string;
  /** YYYY-MM-DD */
  readonly dateOfBirth: string;
  readonly mobile: string;
  readonly email: string;
  readonly address: string;
  readonly pinCode: string;
}

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD');
const change: z.ZodType<KycChange> = z.strictObject({
  reference: z.string().regex(/^[A-Za-z0-9-]{1,40}$/, 'must be 1 to 40 letters, digits or hyphens'),
  client: z.string().min(1).max(16),
  pan: z.string().regex(/^[A-Z]{5}\d{4}[A-Z]$/, 'must be a PAN'),
  kind: z.enum(['NEW', 'MODIFIED']),
  on: day,
  name: z.string().min(1).max(120),
  dateOfBirth: day,
  mobile: z.string().regex(/^[6-9]\d{9}$/, 'must be ten digits'),
  email: z.string().min(3).max(120),
  address: z.string().min(1).max(240),
  pinCode: z.string().regex(/^[1-9]\d{5}$/, 'must be six digits'),
});

/** Where the changes lie in a data directory. */
export const KYC_CHANGES: string = join('kyc', 'changes.jsonl');

/** Changes up to a date; none without the file. Throws FileError naming line and field. */
export function readKycChanges(dataDirectory: string, date: string): KycChange[] {
  const path = join(dataDirectory, KYC_CHANGES);
  if (!existsSync(path)) return [];
  const found: KycChange[] = [];
  const references = new Set<string>();
  for (const [at, text] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (text.trim() === '') continue;
    const one = parsed(path, at + 1, text);
    if (references.has(one.reference)) throw new FileError(path, `line ${at + 1}, reference`, `${one.reference} stands twice`);
    references.add(one.reference);
    if (one.on <= date) found.push(one);
  }
  return found;
}

function parsed(path: string, line: number, text: string): KycChange {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FileError(path, `line ${line}`, error instanceof Error ? error.message : String(error));
  }
  const result = change.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new FileError(path, `line ${line}, ${issue?.path.join('.') ?? ''}`, issue?.message ?? 'is no record');
}
