// A position that ends in shares, as answers describe it.
import { z } from 'zod';
import type { DeliveryAnswer } from '../../risk/house-desk.ts';
import { instrumentFields, paise } from '../fields.ts';

/** Days of trading looked ahead. */
export const daysWithin: z.ZodType<number> = z.coerce
  .number()
  .int()
  .min(0)
  .max(30)
  .default(4)
  .describe('Days of trading; E-4 begins the delivery margin');

/** One position. */
export const deliveryShape: z.ZodType<DeliveryAnswer> = z.strictObject({
  account: z.string(),
  ...instrumentFields,
  underlying: z.string(),
  expiry: z.int().describe('yyyymmdd'),
  days_to_expiry: z.int().describe('Days of trading, 0 = expires today; weekdays where the parameters know no holidays'),
  net: z.number().describe('Signed units held'),
  shares: z.number().describe('To be taken +, to be given -, at the file’s price of the stock; 0 = out of the money'),
  value_paise: paise.describe('What changes hands for the shares'),
});
