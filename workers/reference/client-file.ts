// The broker's own clients, one JSON object a line (clients.jsonl), as onboarding leaves them: checked in full before anything is made of them, so
// that a bad line leaves nothing half done. Field names and units are those of the engine's commands; a field nobody knows is a mistake, not a
// remark.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type {
  AccountStatusName,
  CollateralPieceBody,
  ImportFundedLotBody,
  ImportPositionBody,
  OpenAccountBody,
  SetHoldingsBody,
  SetLimitBody,
} from '../../engine/index.ts';
import { CollateralKind, type CollateralKindName, kindRuleOf } from '../../engine/index.ts';
import { fault } from './reference-error.ts';

const amount = z.int().min(-1e13).max(1e13);
const units = z.int().min(0).max(1e8);
const name = (longest: number): z.ZodString =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .max(longest);
const instrument = { segment: z.int().min(1).max(7), token: z.int().min(1).max(0xffffffff) };
const limit = z.int().min(0).max(1e13).optional();

/** One client at begin of day. Amounts in paise after haircut, quantities in units, prices in ticks. */
export interface ClientRecord {
  readonly account: string;
  readonly riskGroup: string;
  readonly status: AccountStatusName;
  readonly kind: OpenAccountBody['kind'];
  readonly segments: readonly number[];
  readonly cash: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  /**
   * Collateral in pieces, each valued by the engine (price, haircut, caps of the list of approved securities); the two figures are then what is
   * beside them. Absent: pieces the engine has stay.
   */
  readonly pieces?: readonly CollateralPieceBody[] | undefined;
  readonly holdings: readonly Omit<SetHoldingsBody, 'account'>[];
  readonly positions: readonly Omit<ImportPositionBody, 'account'>[];
  /** Bought elsewhere with funding (MTF): for the day a house comes over. */
  readonly fundedLots?: readonly Omit<ImportFundedLotBody, 'account' | 'reference'>[] | undefined;
  readonly limits: { readonly [Key in keyof Omit<SetLimitBody, 'account'>]?: number | undefined };
}

/** CASH names where it is placed and nothing else; every other kind its ISIN or reference. */
const piece: z.ZodType<CollateralPieceBody> = z
  .strictObject({
    kind: z.enum(Object.keys(CollateralKind) as [CollateralKindName, ...CollateralKindName[]]),
    key: name(16).exactOptional(),
    segment: z.int().min(0).max(7).exactOptional(),
    quantity: z.int().min(1).max(1e12),
    maturity: z.int().min(19_000_101).max(99_991_231).exactOptional(),
    credit: z.enum(['NOW', 'NEXT_DAY']).exactOptional(),
  })
  .refine(({ kind, key }) => (kind === 'CASH') === (key === undefined), 'key must be the ISIN or reference; CASH has none')
  .refine(({ kind, segment = 0 }) => kind !== 'CASH' || segment > 0, 'segment must name where cash is placed')
  .refine(({ kind, quantity }) => kindRuleOf(CollateralKind[kind]).isAmount || quantity <= 1e8, 'quantity must be at most 10 crore units');

const record: z.ZodType<ClientRecord> = z.strictObject({
  account: name(16),
  riskGroup: name(32),
  status: z.enum(['ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED']),
  kind: z.enum(['CLIENT', 'PROPRIETARY', 'ERROR', 'CUSTODIAL']),
  segments: z.array(z.int().min(1).max(7)).max(7),
  cash: amount,
  cashEquivalent: amount.min(0),
  nonCash: amount.min(0),
  pieces: z.array(piece).max(500).optional(),
  holdings: z.array(z.strictObject({ ...instrument, free: units, pledged: units, t1: units })).default([]),
  positions: z
    .array(z.strictObject({ ...instrument, product: z.int().min(1).max(6), quantity: z.int().min(-1e8).max(1e8), price: z.int().min(0).max(1e10) }))
    .default([]),
  fundedLots: z
    .array(
      z.strictObject({
        ...instrument,
        boughtOn: z.int().min(19_000_101).max(99_991_231),
        units: units.min(1),
        pledged: units,
        cost: z.int().min(1).max(1e12),
        funded: z.int().min(0).max(1e12),
      }),
    )
    .optional(),
  limits: z
    .strictObject({
      maxOrderQuantity: limit,
      maxOrderValue: limit,
      maxOpenOrders: limit,
      maxOpenOrderValue: limit,
      maxNetQuantity: limit,
      maxGrossValue: limit,
      maxTurnover: limit,
      maxLoss: limit,
      maxFunded: limit,
    })
    .prefault({}),
});

/** Reads a clients file. Throws ReferenceFileError naming file, line and field of the first fault, or that it cannot be read. */
export function readClientFile(file: string): ClientRecord[] {
  const clients: ClientRecord[] = [];
  const seen = new Map<string, number>();
  for (const [index, line] of textOf(file).split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(file, index + 1, line);
    const before = seen.get(parsed.account);
    if (before !== undefined) fault(file, index + 1, '', `account ${parsed.account} is on line ${before} already`);
    seen.set(parsed.account, index + 1);
    clients.push(parsed);
  }
  return clients;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return fault(file, 0, '', `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

function parseLine(file: string, line: number, text: string): ClientRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fault(file, line, '', `not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = record.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return fault(file, line, issue === undefined ? '' : z.core.toDotPath(issue.path), issue?.message ?? 'invalid');
}
