// A reason is a number for ever: each code has a doc line, a FIX and API text, a line in the rules of engagement and a test row.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RejectCode } from '../../engine/index.ts';
import { rejectText } from '../../gateway/reject-text.ts';
import { REJECT_ROWS } from '../engine/reject-codes.table.ts';
import { ROOT } from './source-files.ts';

const names = Object.keys(RejectCode).filter((name) => name !== 'none') as (keyof typeof RejectCode)[];

/** Numbers as they were when each code was published; a code may be added at the end, never renumbered or removed. */
const PUBLISHED: Record<string, number> = {
  dayNotOpen: 1,
  unknownAccount: 2,
  duplicateClOrdId: 3,
  firmKilled: 4,
  accountKilled: 5,
  accountNotActive: 6,
  segmentNotAllowed: 7,
  unknownInstrument: 8,
  parametersMissing: 9,
  instrumentBanned: 10,
  orderTypeNotAllowed: 11,
  quantityInvalid: 12,
  lotSize: 13,
  freezeQuantity: 14,
  priceTick: 15,
  priceBand: 16,
  displayQuantity: 17,
  clientOrderQuantity: 18,
  orderValue: 19,
  openOrderCount: 20,
  openOrderValue: 21,
  positionLimit: 22,
  turnoverLimit: 23,
  reduceOnly: 24,
  insufficientHoldings: 25,
  insufficientMargin: 26,
  unknownOrder: 27,
  tooLateToChange: 28,
  changePending: 29,
  replaceMismatch: 30,
  replaceBelowFilled: 31,
  commandMalformed: 32,
  stopPrice: 33,
  segmentClosed: 34,
  riskReduction: 35,
  lossLimit: 36,
  memberRiskReduction: 37,
  sliceExhausted: 38,
  stopLossRange: 39,
  linkedOrder: 40,
  targetRange: 41,
  lendingNotOffered: 42,
  fundingNotAllowed: 43,
  fundingLimit: 44,
  fundingExhausted: 45,
};

it('has unique numbers that never change', () => {
  expect(names.length).toBeGreaterThanOrEqual(38);
  expect(new Set(names.map((name) => RejectCode[name])).size).toBe(names.length);
  for (const [name, number] of Object.entries(PUBLISHED)) expect(RejectCode[name as keyof typeof RejectCode], name).toBe(number);
});

it('explains every code where it is declared', () => {
  const text = readFileSync(join(ROOT, 'engine/reject-code.ts'), 'utf8');
  expect(names.filter((name) => !new RegExp(`/\\*\\* [^\\n]+ \\*/\\n  ${name}: ${RejectCode[name]},`).test(text))).toEqual([]);
});

it('renders every code for FIX and for the API, each differently', () => {
  const texts = names.map((name) => rejectText(RejectCode[name]));
  expect(texts.filter((text) => !Number.isInteger(text.ordRejReason) || text.text.length < 10)).toEqual([]);
  expect(new Set(texts.map((text) => text.text)).size).toBe(names.length);
});

it('has a row of the decision table for every code', () => {
  const covered = new Set<string>(REJECT_ROWS.map((row) => row.code));
  expect(names.filter((name) => !covered.has(name))).toEqual([]);
});

it('tells the OMS what every code means', () => {
  const rules = readFileSync(join(ROOT, 'gateway/rules-of-engagement.md'), 'utf8');
  expect(names.filter((name) => !new RegExp(`\\| ${RejectCode[name]} +\\|.*\`${name}\``).test(rules))).toEqual([]);
});
