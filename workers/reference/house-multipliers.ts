// The house's own multiplier of the clearing corporation's margin, as dated rows: what the house asked on a past date stays readable, and a change
// ahead of time comes into force by itself. One multiplier for all a client's margin. Never below the exchange's margin, never two rows on one date.
import { z } from 'zod';

/** One span of dates. */
export interface HouseMultiplier {
  /** First and last business date, yyyymmdd; without a last one it holds but for the dates of a row that begins later. */
  readonly from: number;
  readonly to?: number | undefined;
  /** 1/10,000 of the clearing corporation's margin; 10,000 = as it is. */
  readonly multiplier: number;
  /** Who decided it and why, for the house's own auditors. */
  readonly source: string;
}

/** What is asked for a policy's multiplier of a date. */
interface Multipliers {
  readonly spanMultiplier: number;
  readonly houseMultipliers?: readonly HouseMultiplier[] | undefined;
}

const date = z.int().min(20_000_101).max(99_991_231);

const row: z.ZodType<HouseMultiplier> = z
  .strictObject({
    from: date,
    to: date.optional(),
    multiplier: z.int().min(10_000, 'must not be below 10000: the exchange minimum').max(100_000),
    source: z.string().min(3).max(200),
  })
  .refine(({ from, to }) => to === undefined || from <= to, 'from must not be after to');

/** Schema of the rows. A later row stands in the place of one without a last date; rows that name their last may not reach into another. */
export const houseMultipliers: z.ZodType<readonly HouseMultiplier[]> = z
  .array(row)
  .max(1_000)
  .refine((rows) => rows.every((each, at) => rows.every((other, i) => i === at || !reaches(each, other))), 'two rows hold on one date');

/** Does a row hold on the first date of another? */
function reaches(each: HouseMultiplier, other: HouseMultiplier): boolean {
  return other.from === each.from || (each.to !== undefined && each.from < other.from && other.from <= each.to);
}

/** The multiplier of a business date (yyyymmdd), 1/10,000: of the row that holds on it and began last, else the policy's undated one. */
export function houseMultiplierOn({ spanMultiplier, houseMultipliers: rows = [] }: Multipliers, businessDate: number): number {
  const holding = rows.filter(({ from, to }) => from <= businessDate && (to === undefined || businessDate <= to)).sort((a, b) => b.from - a.from);
  return holding[0]?.multiplier ?? spanMultiplier;
}
