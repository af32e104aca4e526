// A brokerage plan from JSON: {"default":{"percent"?,"flat"?},"EQ-CNC"?:{...},...}; percent is per cent of turnover, flat is rupees per executed order.
import { type BrokeragePlan, type BrokerageTerms, exactRupees, PLAN_NAMES } from '../../engine/index.ts';
import { scaledInteger } from '../files/decimal-field.ts';
import { FileError, shown } from '../files/file-error.ts';
import { fieldsOf } from '../files/read-json.ts';

/** Per cent as 1e-9 of turnover. */
const PERCENT_DECIMALS = 7;
const PERCENT_MAX = 100n * 10n ** 7n;
/** Rupees with six decimals as 1e-18 rupee. */
const FLAT_DECIMALS = 6;
const FLAT_SCALE = 10n ** 12n;

/** Checks a plan. Throws FileError naming the line of the plan and the field. */
export function planRecord(value: unknown, file: string): BrokeragePlan {
  const lines = fieldsOf(value);
  if (lines === undefined) throw new FileError(file, '', 'is not an object of brokerage terms');
  return new Map(
    Object.entries(lines).map(([name, terms]) => {
      if (!PLAN_NAMES.has(name))
        throw new FileError(file, name, 'is no combination; a plan has default, SEGMENT, SEGMENT-PRODUCT and EXCHANGE-SEGMENT-PRODUCT, as in EQ-CNC');
      return [name, termsRecord(terms, file, name)] as const;
    }),
  );
}

function termsRecord(value: unknown, file: string, name: string): BrokerageTerms {
  const fields = fieldsOf(value);
  if (fields === undefined) throw new FileError(file, name, `${shown(value)} is not an object with percent and flat`);
  const unknown = Object.keys(fields).find((field) => field !== 'percent' && field !== 'flat');
  if (unknown !== undefined) throw new FileError(file, `${name}.${unknown}`, 'unknown field (terms have percent and flat)');
  const amount = (field: 'percent' | 'flat', decimals: number, most: bigint): bigint | undefined => {
    if (fields[field] === undefined || fields[field] === null) return undefined;
    const scaled = scaledInteger(fields[field], decimals);
    if (scaled === undefined || scaled < 0n || scaled > most)
      throw new FileError(file, `${name}.${field}`, `${shown(fields[field])} is not a number from 0 with at most ${decimals} decimals`);
    return scaled;
  };
  const flat = amount('flat', FLAT_DECIMALS, 10n ** 12n);
  return {
    fraction: amount('percent', PERCENT_DECIMALS, PERCENT_MAX),
    flat: flat === undefined ? undefined : exactRupees(flat * FLAT_SCALE),
  };
}
