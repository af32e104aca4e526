// Postings and approved breaks from JSON files, checked field by field. Amounts are rupees with at most two decimals; an entry with "expires" (an ISO time) is
// the first phase of two.
import { scaledNumber } from '../files/decimal-field.ts';
import { FileError, shown } from '../files/file-error.ts';
import { fieldsOf } from '../files/read-json.ts';
import type { ApprovedBreak } from './ledger-store.ts';
import type { PendingRequest, PostingRequest, Transfer } from './posting.ts';

const POSTING_FIELDS = ['key', 'kind', 'businessDate', 'valueDate', 'narration', 'approvals', 'expires', 'transfers'];
const BREAK_FIELDS = ['account', 'amount', 'reason', 'raisedBy', 'approvedBy'];

type Fields = Readonly<Record<string, unknown>>;
type Wrong = (field: string, reason: string) => FileError;

/** The elements of an array file, each with its fields known and a way to say what is wrong. */
function elements(value: unknown, file: string, what: string, known: readonly string[]): { fields: Fields; wrong: Wrong }[] {
  if (!Array.isArray(value)) throw new FileError(file, '', `is not an array of ${what}s`);
  return value.map((one: unknown, index) => {
    const wrong: Wrong = (field, reason) => new FileError(file, `${what} ${index + 1}${field === '' ? '' : `: ${field}`}`, reason);
    const fields = fieldsOf(one);
    if (fields === undefined) throw wrong('', `${shown(one)} is not an object`);
    const unknown = Object.keys(fields).find((field) => !known.includes(field));
    if (unknown !== undefined) throw wrong(unknown, `unknown field (it has ${known.join(', ')})`);
    return { fields, wrong };
  });
}

function text(fields: Fields, field: string, wrong: Wrong, absent?: string): string {
  const value = fields[field] ?? absent;
  if (value === undefined) throw wrong(field, 'is missing');
  if (typeof value !== 'string') throw wrong(field, `${shown(value)} is not a text`);
  return value;
}

function dayOf(fields: Fields, field: string, wrong: Wrong): number {
  const value = text(fields, field, wrong);
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (match === null || Number.isNaN(Date.parse(value))) throw wrong(field, `${shown(value)} is not a day such as 2026-11-20`);
  return Number(value.replaceAll('-', ''));
}

function paiseOf(value: unknown, field: string, wrong: Wrong): number {
  const amount = scaledNumber(value, 2);
  if (amount === undefined) throw wrong(field, `${shown(value)} is not an amount in rupees with at most two decimals`);
  return amount;
}

function transfersOf(fields: Fields, wrong: Wrong): Transfer[] {
  const list = fields['transfers'];
  if (!Array.isArray(list)) throw wrong('transfers', list === undefined ? 'is missing' : `${shown(list)} is not an array`);
  return list.map((one: unknown, index) => {
    const place = `transfers[${index}]`;
    const row = fieldsOf(one);
    if (row === undefined) throw wrong(place, `${shown(one)} is not an object with debit, credit and amount`);
    const inside: Wrong = (field, reason) => wrong(`${place}.${field}`, reason);
    return { debit: text(row, 'debit', inside), credit: text(row, 'credit', inside), amount: paiseOf(row['amount'], 'amount', inside) };
  });
}

function approvalsOf(fields: Fields, wrong: Wrong): string[] {
  const value = fields['approvals'] ?? [];
  if (!Array.isArray(value) || value.some((name) => typeof name !== 'string')) throw wrong('approvals', `${shown(value)} is not an array of names`);
  return value as string[];
}

/** The postings of a file. Throws FileError; what an account or kind may do is checked when they are booked. */
export function postingRecords(value: unknown, file: string, at: number): (PostingRequest | PendingRequest)[] {
  return elements(value, file, 'posting', POSTING_FIELDS).map(({ fields, wrong }) => {
    const request: PostingRequest = {
      key: text(fields, 'key', wrong),
      kind: text(fields, 'kind', wrong),
      businessDate: dayOf(fields, 'businessDate', wrong),
      ...(fields['valueDate'] === undefined ? {} : { valueDate: dayOf(fields, 'valueDate', wrong) }),
      narration: text(fields, 'narration', wrong, ''),
      approvals: approvalsOf(fields, wrong),
      transfers: transfersOf(fields, wrong),
      at,
    };
    if (fields['expires'] === undefined) return request;
    const expiresAt = Date.parse(text(fields, 'expires', wrong));
    if (Number.isNaN(expiresAt)) throw wrong('expires', `${shown(fields['expires'])} is not a time such as 2026-11-20T18:30:00+05:30`);
    return { ...request, expiresAt };
  });
}

/** The approved breaks of a file. Throws FileError. */
export function breakRecords(value: unknown, file: string): ApprovedBreak[] {
  return elements(value, file, 'break', BREAK_FIELDS).map(({ fields, wrong }) => ({
    account: text(fields, 'account', wrong),
    amount: paiseOf(fields['amount'], 'amount', wrong),
    reason: text(fields, 'reason', wrong),
    raisedBy: text(fields, 'raisedBy', wrong),
    approvedBy: text(fields, 'approvedBy', wrong),
  }));
}
