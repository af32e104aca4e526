// A client's margin trading funding as the API shows it.
import { z } from 'zod';
import type { FundingAnswer } from '../../risk/funding-answer.ts';
import { instrumentFields, listOf, paise } from '../fields.ts';

export const funding: z.ZodType<FundingAnswer> = z.strictObject({
  account: z.string(),
  as_of: z.int().describe('Slot sequence the figures are as of'),
  house_limit_paise: paise.describe('What the house lends one client at most; 0: it lends nobody'),
  sanctioned_paise: paise.describe('What this client is sanctioned; 0: it is not enabled'),
  lent_paise: paise.describe('Lent on the lots'),
  drawn_paise: paise.describe('With what was bought since the last close and what is being bought'),
  bought: listOf(
    z.strictObject({
      ...instrumentFields,
      units: z.number(),
      cost_paise: paise,
      margin_percent: z.number().describe('Rate its margin is asked at; the house lends the rest at the close'),
    }),
  ),
  lots: listOf(
    z.strictObject({
      ...instrumentFields,
      bought_on: z.string().describe('Business date of the purchase, YYYY-MM-DD'),
      units: z.number(),
      pledged: z.number().describe('Of the units, those whose pledge the client has accepted'),
      cost_paise: paise,
      lent_paise: paise,
      value_paise: paise.describe('At the last mark'),
    }),
  ),
});
