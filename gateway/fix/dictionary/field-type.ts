// FIX field types and the format each asks of a value (FIX 4.4 volume 1, "FIX field and data types").
import { NINE, YES, ZERO } from '../codec/ascii.ts';
import { isDecimal, parseDate, parseInteger, parseTimeOfDay, parseTimestamp } from '../codec/field-value.ts';

/** 0 = the dictionary knows no such tag. */
export const FieldType = {
  undefined: 0,
  text: 1,
  character: 2,
  boolean: 3,
  integer: 4,
  natural: 5,
  decimal: 6,
  timestamp: 7,
  time: 8,
  date: 9,
  monthYear: 10,
  multiple: 11,
} as const;
/** One of FieldType. */
export type FieldType = (typeof FieldType)[keyof typeof FieldType];

/** FIX's names of types onto the formats that differ. */
export const FIELD_TYPE_BY_NAME: Readonly<Record<string, FieldType>> = {
  STRING: FieldType.text,
  DATA: FieldType.text,
  CURRENCY: FieldType.text,
  COUNTRY: FieldType.text,
  EXCHANGE: FieldType.text,
  CHAR: FieldType.character,
  BOOLEAN: FieldType.boolean,
  INT: FieldType.integer,
  SEQNUM: FieldType.natural,
  LENGTH: FieldType.natural,
  NUMINGROUP: FieldType.natural,
  FLOAT: FieldType.decimal,
  QTY: FieldType.decimal,
  PRICE: FieldType.decimal,
  PRICEOFFSET: FieldType.decimal,
  AMT: FieldType.decimal,
  PERCENTAGE: FieldType.decimal,
  UTCTIMESTAMP: FieldType.timestamp,
  UTCTIMEONLY: FieldType.time,
  UTCDATEONLY: FieldType.date,
  LOCALMKTDATE: FieldType.date,
  MONTHYEAR: FieldType.monthYear,
  MULTIPLEVALUESTRING: FieldType.multiple,
};

const NO: number = 0x4e;

function isMonthYear(bytes: Uint8Array, start: number, end: number): boolean {
  const width = end - start;
  if (width === 8 && bytes[start + 6] === 0x77) return (bytes[start + 7] as number) > ZERO && (bytes[start + 7] as number) <= ZERO + 5;
  if (width === 8) return !Number.isNaN(parseDate(bytes, start, end));
  if (width !== 6) return false;
  for (let i = start; i < end; i++) if ((bytes[i] as number) < ZERO || (bytes[i] as number) > NINE) return false;
  return true;
}

/** Has the value bytes[start, end) the format of its type? */
export function hasFormat(type: number, bytes: Uint8Array, start: number, end: number): boolean {
  switch (type) {
    case FieldType.character:
      return end - start === 1;
    case FieldType.boolean:
      return end - start === 1 && (bytes[start] === YES || bytes[start] === NO);
    case FieldType.integer:
      return !Number.isNaN(parseInteger(bytes, start, end));
    case FieldType.natural:
      return parseInteger(bytes, start, end) >= 0;
    case FieldType.decimal:
      return isDecimal(bytes, start, end);
    case FieldType.timestamp:
      return !Number.isNaN(parseTimestamp(bytes, start, end));
    case FieldType.time:
      return !Number.isNaN(parseTimeOfDay(bytes, start, end));
    case FieldType.date:
      return !Number.isNaN(parseDate(bytes, start, end));
    case FieldType.monthYear:
      return isMonthYear(bytes, start, end);
    default:
      return true;
  }
}
