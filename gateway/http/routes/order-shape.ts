// An order, and a verdict on one, as answers describe them.
import { z } from 'zod';
import type { OrderAnswer } from '../../risk/order-answer.ts';
import type { OrderVerdictAnswer, WhatIfAnswer } from '../../risk/order-desk.ts';
import type { RejectAnswer } from '../../risk/reject-watch.ts';
import { instrumentFields, paiseOrNull, rupeesPrice } from '../fields.ts';

/** One order. */
export const orderShape: z.ZodType<OrderAnswer> = z.strictObject({
  id: z.string().describe('OrderID(37): SLOT-SEQUENCE'),
  account: z.string(),
  cl_ord_id: z.string(),
  exchange_order_id: z.string(),
  ...instrumentFields,
  side: z.string(),
  order_type: z.string(),
  validity: z.string(),
  product: z.string(),
  state: z.string().describe('OrdStatus(39) by name; NEW and not confirmed means risk-accepted'),
  quantity: z.number().describe('Units, filled part included'),
  price: rupeesPrice,
  trigger_price: rupeesPrice,
  target_price: rupeesPrice.describe('Of a bracket order: where its target is; 0 = it has none'),
  filled: z.number(),
  leaves: z.number(),
  average_price: rupeesPrice,
  confirmed: z.boolean().describe('The exchange has answered'),
  stuck: z.boolean().describe('Not answered within the validity of the verdict'),
  time_micros: z.number().describe('When it was accepted, microseconds since 1970; 0 when not known'),
});

const verdictFields = {
  code: z.int().describe('RejectCode of the rules of engagement; 0 = accepted'),
  accepted: z.boolean(),
  reject: z.strictObject({ name: z.string(), message: z.string() }).nullable(),
  text: z.string().describe('The verdict in a sentence'),
  requirement_before_paise: paiseOrNull,
  requirement_after_paise: paiseOrNull,
  available_paise: paiseOrNull,
  shortfall_paise: paiseOrNull,
  margin_basis: z.enum(['netted', 'gross']).describe('How the order counts: netted with what is held, or gross, by itself, in a pre-open session'),
  value: z.number().describe('What the failing check measured, in its own unit'),
  limit: z.number().describe('What it was held against'),
  level: z.string().describe('Who set the limit: exchange, firm, client, instrument, or none'),
};

/** A refused request as lists show it. */
export const rejectionShape: z.ZodType<RejectAnswer> = z.strictObject({
  id: z.string().describe('Id of the request, for explain'),
  account: z.string(),
  cl_ord_id: z.string(),
  request: z.enum(['PLACE', 'REPLACE', 'CANCEL']) as z.ZodType<string>,
  time_micros: z.number(),
  ...instrumentFields,
  side: z.string(),
  quantity: z.number(),
  price: rupeesPrice,
  code: z.int(),
  name: z.string(),
  message: z.string(),
  needs_paise: paiseOrNull,
});

/** A verdict without effect. */
export const whatIfShape: z.ZodType<WhatIfAnswer> = z.strictObject({
  ...verdictFields,
  fix: z.string().nullable().describe('What would let it pass where margin or funding is what it lacks: money, an option to buy first, fewer units'),
  stale: z.boolean().describe('The instrument, or a whole segment the house holds, has no fresh price: gains and losses are those of the last one'),
});

/** The verdict on a request. */
export const orderVerdictShape: z.ZodType<OrderVerdictAnswer> = z.strictObject({
  id: z.string().describe('Id of the order, or of the refused request, for explain'),
  account: z.string(),
  cl_ord_id: z.string(),
  state: z.string(),
  repeated: z.boolean().describe('Decided before under the same key: what became of it'),
  ...verdictFields,
});
