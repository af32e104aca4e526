// The section `charges` of tarazu.json: what the house charges for executing, and the states GST is split between. The exchange's and the State's rates
// are dated tables of the engine, not configuration.
import { z } from 'zod';
import { type BrokeragePlan, type BrokerageTerms, exactRupees, PLAN_NAMES } from '../../engine/index.ts';

/** What the house charges. */
export interface ChargesConfig {
  /** Terms by name: `default`, SEGMENT, SEGMENT-PRODUCT, EXCHANGE-SEGMENT-PRODUCT, as in EQ-CNC. */
  readonly plan: Readonly<Record<string, { readonly percent?: number | undefined; readonly flat?: number | undefined }>>;
  /** Two-letter states of the house and, as far as one stands for all, its clients; '' where not known. */
  readonly memberState: string;
  readonly clientState: string;
}

const PERCENT_SCALE = 1e7;
const FLAT_SCALE = 1e6;
/** A millionth of a rupee in units of 1e-18 rupee. */
const MICRO = 10n ** 12n;
const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;

const terms = z.strictObject({
  percent: z
    .number()
    .min(0)
    .max(100)
    .refine((value) => isWhole(value * PERCENT_SCALE), 'has more than seven decimals')
    .optional(),
  flat: z
    .number()
    .min(0)
    .max(1_000_000)
    .refine((value) => isWhole(value * FLAT_SCALE), 'has more than six decimals')
    .optional(),
});
const state = z
  .string()
  .regex(/^(?:[A-Z]{2})?$/, 'must be two letters, as MH')
  .default('');

/** Checks the section and fills its defaults. */
export const chargesConfig: z.ZodType<ChargesConfig> = z.strictObject({
  plan: z
    .record(
      z
        .string()
        .refine((name) => PLAN_NAMES.has(name), 'is no combination; a plan has default, SEGMENT, SEGMENT-PRODUCT and EXCHANGE-SEGMENT-PRODUCT'),
      terms,
    )
    .default({}),
  memberState: state,
  clientState: state,
});

/** The plan as the engine reckons with it. */
export function brokeragePlan({ plan }: ChargesConfig): BrokeragePlan {
  return new Map(
    Object.entries(plan).map(([name, { percent, flat }]): [string, BrokerageTerms] => [
      name,
      {
        fraction: percent === undefined ? undefined : BigInt(Math.round(percent * PERCENT_SCALE)),
        flat: flat === undefined ? undefined : exactRupees(BigInt(Math.round(flat * FLAT_SCALE)) * MICRO),
      },
    ]),
  );
}
