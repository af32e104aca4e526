// Fields that several routes share, so that one name has one meaning and one bound everywhere.
import { z } from 'zod';
import { ExchangeSegment, Product } from '../../engine/index.ts';

const names = <Table extends Record<string, number>>(table: Table): [keyof Table & string, ...(keyof Table & string)[]] =>
  Object.keys(table) as [keyof Table & string, ...(keyof Table & string)[]];

/** Client code. */
export const account: z.ZodType<string> = z
  .string()
  .regex(/^[\x21-\x7e]{1,16}$/, 'must be 1 to 16 printable characters without spaces')
  .describe('Client code');

/** An amount in paise. */
export const paise: z.ZodType<number> = z.int().describe('Paise');

/** An amount in paise that may be unknown. */
export const paiseOrNull: z.ZodType<number | null> = z.int().nullable().describe('Paise; null when it was not weighed');

/** A price in rupees. */
export const rupeesPrice: z.ZodType<number> = z.number().describe('Rupees, at most four decimals; 0 = none');

/** A price a caller names: rupees, at most four decimals, 0 = none. */
export const givenPrice: z.ZodType<number> = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((value) => Math.abs(value * 10_000 - Math.round(value * 10_000)) < 1e-6, 'has more than four decimals')
  .describe('Rupees, at most four decimals; 0 = none');

/** Exchange segment by name. */
export const exchange: z.ZodType<keyof typeof ExchangeSegment> = z.enum(names(ExchangeSegment));

/** Product by name. */
export const product: z.ZodType<keyof typeof Product> = z.enum(names(Product));

/** Why something is done; kept in the journal or the log. */
export const reason: z.ZodType<string> = z.string().min(3).max(200);

/** Rows of one page. */
export const pageLimit: z.ZodType<number> = z.coerce.number().int().min(1).max(500).default(100).describe('Rows of one page');

/** Where the page begins. */
export const cursor: z.ZodType<string | undefined> = z.string().min(1).max(600).optional().describe('next_cursor of the page before');

/** Order id as FIX has it. */
export const orderId: z.ZodType<string> = z.string().min(1).max(64).describe('OrderID: SLOT-SEQUENCE');

/** A list whose items nobody changes. */
export function listOf<Item>(item: z.ZodType<Item>): z.ZodType<readonly Item[]> {
  return z.array(item);
}

/** What names an instrument in an answer. */
export const instrumentFields: {
  readonly exchange: z.ZodType<string>;
  readonly token: z.ZodType<number>;
  readonly symbol: z.ZodType<string>;
} = {
  exchange: z.string().describe('Exchange segment, as SecurityExchange(207) names it'),
  token: z.int().describe('Exchange token'),
  symbol: z.string().describe('Trading symbol; empty when the file of the day does not have it'),
};
