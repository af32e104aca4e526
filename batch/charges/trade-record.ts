// One trade of a JSON trade file, checked field by field. Unknown fields are let through (a file may carry more than charges need), but a misspelt orderId
// is not: it would be read as absent and change the brokerage.
import { CHARGE_EXCHANGES, CHARGE_PRODUCTS, CHARGE_SEGMENTS, CHARGE_SIDES, type ChargedTrade } from '../../engine/index.ts';
import { scaledNumber } from '../files/decimal-field.ts';
import { FileError, shown } from '../files/file-error.ts';
import { fieldsOf } from '../files/read-json.ts';

/** Rupees a unit; far above any price there is, far below what arithmetic could not hold. */
const PRICE_MICROS_MAX = 1e15;
const QUANTITY_MAX = 1e12;
const PRICE_DECIMALS = 6;

/** A trade, and the client it belongs to when the file says so. */
export interface TradeRecord extends ChargedTrade {
  readonly client: string | undefined;
}

/** Where a record stands, for messages. */
export interface RecordPlace {
  readonly file: string;
  readonly number: number;
  readonly line: number;
}

/** Checks one element of a trade file. Throws FileError naming trade and field. */
export function tradeRecord(value: unknown, place: RecordPlace): TradeRecord {
  const fields = fieldsOf(value);
  const fail = (field: string, reason: string): never => {
    throw new FileError(place.file, `trade ${place.number} (line ${place.line})${field === '' ? '' : `: ${field}`}`, reason);
  };
  if (fields === undefined) return fail('', `${shown(value)} is not an object`);
  const word = <Word extends string>(field: string, words: readonly Word[]): Word => {
    const text = fields[field];
    if (text === undefined) return fail(field, 'is missing');
    return words.find((known) => known === text) ?? fail(field, `${shown(text)} is none of ${words.join(', ')}`);
  };
  return {
    exchange: word('exchange', CHARGE_EXCHANGES),
    segment: word('segment', CHARGE_SEGMENTS),
    product: word('product', CHARGE_PRODUCTS),
    side: word('side', CHARGE_SIDES),
    quantity: quantityOf(fields['quantity'], fail),
    price: priceOf(fields['price'], fail),
    orderId: orderIdOf(fields, fail),
    client: clientOf(fields['client'], fail),
  };
}

type Fail = (field: string, reason: string) => never;

function quantityOf(value: unknown, fail: Fail): number {
  if (value === undefined) return fail('quantity', 'is missing');
  const units = scaledNumber(value, 0);
  if (units === undefined || units < 1 || units > QUANTITY_MAX) return fail('quantity', `${shown(value)} is not a whole number of 1 to 10^12 units`);
  return units;
}

function priceOf(value: unknown, fail: Fail): number {
  if (value === undefined) return fail('price', 'is missing');
  const micros = scaledNumber(value, PRICE_DECIMALS) ?? nearlyMicros(value);
  if (micros === undefined || micros <= 0 || micros > PRICE_MICROS_MAX)
    return fail('price', `${shown(value)} is not a price above zero with at most six decimals`);
  return micros;
}

/** A double that missed its decimals by arithmetic (79.28999999999999) is the price it missed; one with real further decimals is not. */
function nearlyMicros(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const micros = Math.round(value * 1e6);
  return Math.abs(value * 1e6 - micros) < 1e-3 ? micros : undefined;
}

function orderIdOf(fields: Readonly<Record<string, unknown>>, fail: Fail): string | undefined {
  const value = fields['orderId'];
  if (value === undefined || value === null) {
    const misspelt = Object.keys(fields).find((field) => /^order[ _-]?id$/i.test(field) && field !== 'orderId');
    return misspelt === undefined ? undefined : fail(misspelt, 'is not a field of a trade; orderId is');
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : fail('orderId', `${shown(value)} is not an order's id`);
}

function clientOf(value: unknown, fail: Fail): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' && value !== '' ? value : fail('client', `${shown(value)} is not a client code`);
}
