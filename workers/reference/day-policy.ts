// The house's policy of a day as people write it (tarazu.json, policy.json): rupees and seconds, defaults filled in; and as OpenDay carries it. One
// schema, so that a day opened by the gateway and one opened by the night go by the same rules.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ClearingCorporationName, OpenDayBody } from '../../engine/index.ts';
import { type HouseMultiplier, houseMultiplierOn, houseMultipliers } from './house-multipliers.ts';
import { fault } from './reference-error.ts';

/** See the file's head. */
export interface DayPolicy {
  /** Smallest cash-segment margin in 1/10,000 of value. */
  readonly cashRateFloor: number;
  /** House multiplier in 1/10,000, never below 10,000 (the exchange minimum). */
  readonly spanMultiplier: number;
  /** The same by date, one row per change; on a business date that none covers, spanMultiplier holds. */
  readonly houseMultipliers?: readonly HouseMultiplier[] | undefined;
  /** Rupees; 0 = no limit. Rs 10 crore by SEBI, December 2012. */
  readonly maxOrderValue: number;
  /** Validity of a verdict, up to a day: after it an unconfirmed order is stuck. */
  readonly confirmWithinSeconds: number;
  /** Exchange segments that begin the day closed, until they are opened one by one. */
  readonly gatedSegments?: readonly number[] | undefined;
  /** How near and how far from its price, in 1/10,000, the stop-loss of a cover order (CO) may be; absent: the house takes none. */
  readonly coverRange?: { readonly least: number; readonly most: number } | undefined;
  /** How far from its price, in 1/10,000, the target of a bracket order (BO) may be; absent: the house takes none. Its stop-loss goes by coverRange. */
  readonly targetMost?: number | undefined;
  /** Rupees the house funds one client with at most (margin trading funding, MTF); absent: it funds nobody. */
  readonly fundingLimit?: number | undefined;
  /**
   * Rupees the house lends all clients together at most; absent: no limit but each client's. One client's may be a tenth of it (SEBI
   * CIR/MRD/DP/54/2017, reported).
   */
  readonly fundingTotal?: number | undefined;
  /** Marks of margin use in 1/10,000 of a client's funds; absent: not watched. */
  readonly riskReduction?: UseMarks | undefined;
  /** The same of the member's collateral at each clearing corporation; absent: added up, not acted on. */
  readonly memberRiskReduction?: UseMarks | undefined;
  /** Rupees the member may use at a clearing corporation, all clients together: given to the slots in slices; absent: no such limit. */
  readonly memberLimits?: { readonly [Corporation in ClearingCorporationName]?: number | undefined } | undefined;
}

/** When margin use alerts, when it lets only reducing orders through, and when that ends; 1/10,000. */
interface UseMarks {
  readonly alertAt: number;
  readonly enterAt: number;
  readonly leaveBelow: number;
}

const marks = z
  .strictObject({
    alertAt: z.int().min(1).max(10_000).default(8_000),
    enterAt: z.int().min(1).max(10_000).default(9_000),
    leaveBelow: z.int().min(1).max(10_000).default(8_500),
  })
  .refine(({ alertAt, enterAt, leaveBelow }) => alertAt <= enterAt && leaveBelow <= enterAt, 'alertAt and leaveBelow must not be above enterAt');
const coverRange = z
  .strictObject({ least: z.int().min(0).max(10_000).default(0), most: z.int().min(1).max(10_000) })
  .refine(({ least, most }) => least <= most, 'least must not be above most');
/** Rupees, at most Rs 10,000 crore. */
/** One client is exposed to a tenth of what the house funds in all, at most. */
const CLIENTS_OF_TOTAL = 10;
const memberLimit = z.int().min(1).max(1e11).optional();

/** Its schema; a key nobody knows is refused. */
export const dayPolicy: z.ZodType<DayPolicy> = z
  .strictObject({
    cashRateFloor: z.int().min(0).max(10_000).default(2_000),
    spanMultiplier: z.int().min(10_000).max(100_000).default(10_000),
    houseMultipliers: houseMultipliers.optional(),
    maxOrderValue: z.int().min(0).max(1e11).default(100_000_000),
    confirmWithinSeconds: z.int().min(1).max(86_400).default(10),
    gatedSegments: z.array(z.int().min(1).max(7)).optional(),
    coverRange: coverRange.optional(),
    targetMost: z.int().min(1).max(10_000).optional(),
    fundingLimit: z.int().min(1).max(4_294_967_295).optional(),
    fundingTotal: memberLimit,
    riskReduction: marks.optional(),
    memberRiskReduction: marks.optional(),
    memberLimits: z.strictObject({ NCL: memberLimit, ICCL: memberLimit, MCXCCL: memberLimit }).optional(),
  })
  .refine(
    ({ fundingLimit, fundingTotal }) => fundingTotal === undefined || (fundingLimit !== undefined && fundingLimit * CLIENTS_OF_TOTAL <= fundingTotal),
    {
      message: `goes with a fundingLimit of at most a ${CLIENTS_OF_TOTAL}th part of it`,
      path: ['fundingTotal'],
    },
  )
  .refine(({ targetMost, coverRange: range }) => targetMost === undefined || range !== undefined, {
    message: 'goes with coverRange, the range of the stop-loss',
    path: ['targetMost'],
  });

const PAISE = 100;
const MICROS = 1_000_000;

/** The policy as OpenDay carries it on a business date (yyyymmdd): paise and microseconds, the house multiplier of that date. */
export function openDayPolicy(written: DayPolicy, businessDate: number): OpenDayBody['policy'] {
  const { cashRateFloor, maxOrderValue, confirmWithinSeconds, gatedSegments, riskReduction, coverRange: range, targetMost, fundingLimit } = written;
  const gates = gatedSegments === undefined ? {} : { gatedSegments };
  const watched = riskReduction === undefined ? {} : { riskReduction };
  const cover = range === undefined ? {} : { coverRange: range, ...(targetMost === undefined ? {} : { targetMost }) };
  const funded = fundingLimit === undefined ? {} : { fundingLimit: fundingLimit * PAISE };
  const spanMultiplier = houseMultiplierOn(written, businessDate);
  return {
    cashRateFloor,
    spanMultiplier,
    maxOrderValue: maxOrderValue * PAISE,
    confirmWithin: confirmWithinSeconds * MICROS,
    ...gates,
    ...watched,
    ...cover,
    ...funded,
  };
}

/** Reads a policy file; the defaults where there is none. Throws ReferenceFileError with the key. */
export function readDayPolicy(file: string): DayPolicy {
  let value: unknown = {};
  try {
    if (existsSync(file)) value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    fault(file, 0, '', error instanceof Error ? error.message : String(error));
  }
  const parsed = dayPolicy.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return fault(file, 0, issue === undefined ? '' : z.core.toDotPath(issue.path), issue?.message ?? 'cannot be read');
}
