// Decimal numbers of files as exact integers of a power of ten. A JSON number is taken at the decimal its writer meant: the shortest one that gives the
// same double.
import { Decimal } from 'decimal.js';

const Wide = Decimal.clone({ precision: 60 });
const PLAIN = /^-?\d{1,24}(\.\d{1,24})?$/;

/** `value` x 10^decimals; undefined when it is not a plain decimal number or has more decimals. */
export function scaledInteger(value: unknown, decimals: number): bigint | undefined {
  if (typeof value === 'string' ? !PLAIN.test(value) : typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const scaled = new Wide(value as string | number).times(new Wide(10).pow(decimals));
  return scaled.isInteger() ? BigInt(scaled.toFixed(0)) : undefined;
}

/** The same as a safe integer, fast for JSON numbers with few decimals. */
export function scaledNumber(value: unknown, decimals: number): number | undefined {
  if (decimals === 0 && typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value === 'number') {
    // Division is correctly rounded: a quotient equal to the value proves that the value is that decimal.
    const scaled = Math.round(value * 100);
    if (decimals >= 2 && scaled / 100 === value && Math.abs(scaled) < 2 ** 31) return scaled * 10 ** (decimals - 2);
  }
  const exact = scaledInteger(value, decimals);
  return exact === undefined || exact > BigInt(Number.MAX_SAFE_INTEGER) || exact < -BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(exact);
}
