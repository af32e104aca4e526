// The house's policy for a day, DATA/policy.json: the same fields and defaults as the gateway's configuration, so that either may open the day.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { OpenDayBody } from '../../../engine/index.ts';
import { FileError } from '../../files/file-error.ts';

const schema = z.strictObject({
  cashRateFloor: z.int().min(0).max(10_000).default(2_000),
  spanMultiplier: z.int().min(10_000).max(100_000).default(10_000),
  /** Rupees. */
  maxOrderValue: z.int().min(0).max(1e11).default(100_000_000),
  confirmWithinSeconds: z.number().positive().max(86_400).default(10),
  /** Exchange segments that begin the day closed, until they are opened one by one. */
  gatedSegments: z.array(z.int().min(1).max(7)).optional(),
  /** Marks of margin use in 1/10,000 of a client's funds; absent: not watched. */
  riskReduction: z
    .strictObject({
      alertAt: z.int().min(1).max(10_000).default(8_000),
      enterAt: z.int().min(1).max(10_000).default(9_000),
      leaveBelow: z.int().min(1).max(10_000).default(8_500),
    })
    .refine(({ alertAt, enterAt, leaveBelow }) => alertAt <= enterAt && leaveBelow <= enterAt, 'alertAt and leaveBelow must not be above enterAt')
    .optional(),
});

/** The policy as OpenDay carries it. Throws FileError on a file that cannot be read. */
export function housePolicy(dataDirectory: string): OpenDayBody['policy'] {
  const file = join(dataDirectory, 'policy.json');
  let value: unknown = {};
  try {
    if (existsSync(file)) value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new FileError(file, '', (error as Error).message);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new FileError(file, parsed.error.issues[0]?.path.join('.') ?? '', parsed.error.issues[0]?.message ?? 'cannot be read');
  const { cashRateFloor, spanMultiplier, maxOrderValue, confirmWithinSeconds, gatedSegments, riskReduction } = parsed.data;
  const gates = gatedSegments === undefined ? {} : { gatedSegments };
  const marks = riskReduction === undefined ? {} : { riskReduction };
  const confirmWithin = Math.round(confirmWithinSeconds * 1e6);
  return { cashRateFloor, spanMultiplier, maxOrderValue: maxOrderValue * 100, confirmWithin, ...gates, ...marks };
}
