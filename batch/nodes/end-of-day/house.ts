// What the night has to know about the house, from house.json of the data directory: brokerage plan, its own PAN, its rates on debits and deliveries,
// which reports it sends, layouts that are not public, which exchange segments beyond NSE's and MCX's it is member of, whether it offers T+0 and its
// clients trade currency and commodity. Absent file, absent field: no brokerage, the public reports, no further segment. A typo is refused with its
// place.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type BrokeragePlan, NO_BROKERAGE } from '../../../engine/index.ts';
import { planRecord } from '../../charges/plan-record.ts';
import { type Chain, SEGMENTS } from '../../graph/node-row.ts';
import type { ReportColumn } from '../../reports/layouts.ts';
import { PermanentFault } from '../../runner/index.ts';
import type { DelayedPaymentRate } from './delayed-payment.ts';
import type { DeliveryBrokerage } from './physical-delivery.ts';

/** See the file's head. */
export interface House {
  readonly plan: BrokeragePlan;
  readonly pan: string;
  /** Reports to make, by name. */
  readonly reports: readonly string[];
  /** Layouts of reports that are not public, by report. */
  readonly layouts: Readonly<Record<string, readonly ReportColumn[]>>;
  /** Brokerage on shares that expired contracts deliver, by date; none: nothing. */
  readonly deliveryBrokerage: readonly DeliveryBrokerage[];
  /** What it charges on debits, by date; none: nothing. */
  readonly delayedPayment: readonly DelayedPaymentRate[];
  /** What it charges on loans for funded shares (MTF), by date; none: nothing. */
  readonly funding: readonly DelayedPaymentRate[];
  /** Chains of its day: the plan's four, those of `memberships`, and T+0 where it is offered (`sameDaySettlement`). */
  readonly chains: readonly Chain[];
  /** Those of them clients trade in: without currency and commodity unless `trades` names them. Their parameters, positions and taxes are taken in. */
  readonly traded: readonly Chain[];
}

const FILE = 'house.json';
// T+0 is a broker's choice (SEBI/HO/MRD/MRD-PoD-3/P/CIR/2024/20 of 21 March 2024; top 500 shares: …/2024/172 of 10 December 2024). Qualified stock
// brokers with the least number of active clients were to offer it from 1 May 2025, then 1 November 2025 (…/2025/58 of 29 April 2025); SEBI has put
// that off to a date it has yet to name (30 October 2025). So nobody has to, and `sameDaySettlement` says who does.
const column: z.ZodType<ReportColumn> = z.strictObject({ heading: z.string().min(1), value: z.string() });
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD');
/** Sent unless the house says otherwise: those whose layouts are public. */
const PUBLIC_REPORTS: readonly string[] = ['margin', 'segregation', 'MG-12', 'MG-13', 'client-codes'];
const interestRate = z.strictObject({
  from: date,
  percentPerYear: z.string().regex(/^(\d{1,2}(\.\d{1,6})?|100)$/, 'must be a rate of 0 to 100 per cent, as text'),
  gst: z.boolean(),
});
const schema = z.strictObject({
  plan: z.unknown().optional(),
  pan: z
    .string()
    .regex(/^[A-Z]{5}\d{4}[A-Z]$/, 'must be a PAN')
    .default(''),
  reports: z.array(z.string().min(1)).default([...PUBLIC_REPORTS]),
  layouts: z.record(z.string(), z.array(column).min(1)).default({}),
  deliveryBrokerage: z
    .array(z.strictObject({ from: date, percent: z.string().regex(/^\d(\.\d{1,6})?$/, 'must be a rate below 10 per cent, as text') }))
    .default([]),
  delayedPayment: z.array(interestRate).default([]),
  mtf: z.strictObject({ interest: z.array(interestRate).min(1) }).optional(),
  memberships: z.array(z.enum(['BSE', 'BFO'])).default([]),
  sameDaySettlement: z.boolean().default(false),
  trades: z.array(z.enum(['CD', 'COM'])).default([]),
});

/** Reads house.json. Throws PermanentFault with file and field. */
export function readHouse(dataDirectory: string): House {
  const path = join(dataDirectory, FILE);
  let value: unknown = {};
  try {
    if (existsSync(path)) value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PermanentFault(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new PermanentFault(`${path}: ${parsed.error.issues.map(({ path: at, message }) => `${z.core.toDotPath(at)}: ${message}`).join('; ')}`);
  const { plan, mtf, memberships, sameDaySettlement, trades, ...said } = parsed.data;
  const chains = [
    ...SEGMENTS,
    ...(['BSE', 'BFO'] as const).filter((chain) => memberships.includes(chain)),
    ...(sameDaySettlement ? (['T0'] as const) : []),
  ];
  return {
    ...said,
    plan: plan === undefined ? NO_BROKERAGE : planRecord(plan, `${path}: plan`),
    funding: mtf?.interest ?? [],
    chains,
    traded: chains.filter((chain) => (chain !== 'CD' && chain !== 'COM') || trades.includes(chain)),
  };
}
