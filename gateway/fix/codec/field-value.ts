// Readers of one field value: bytes [start, end) to a number, without allocating. NaN means "not a value of this type":
// callers test with Number.isNaN or `!(x >= 0)`. No locale, no exponent, no leading plus, no surrounding space.
import { COLON, DOT, MINUS, NINE, ZERO } from './ascii.ts';

/** Decimals a price keeps: ticks of 1/10,000 rupee. */
const PRICE_DECIMALS = 4;
/** 15 digits are exact in a double whatever they are. */
const DIGITS_MAX = 15;

/** Integer with an optional leading minus; at most 15 digits. NaN when it is anything else. */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = at < end && bytes[at] === MINUS;
  if (negative) at += 1;
  if (at >= end || end - at > DIGITS_MAX) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

/** Decimal as an integer count of 10^-decimals. Further digits must be zero (no rounding: the value is exact or NaN). */
function parseFixed(bytes: Uint8Array, start: number, end: number, decimals: number): number {
  let at = start;
  const negative = at < end && bytes[at] === MINUS;
  if (negative) at += 1;
  let value = 0;
  let digits = 0;
  let scale = -1;
  for (; at < end; at++) {
    const code = bytes[at] as number;
    if (code === DOT) {
      if (scale >= 0) return Number.NaN;
      scale = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    digits += 1;
    if (scale === decimals) {
      if (digit !== 0) return Number.NaN;
      continue;
    }
    value = value * 10 + digit;
    if (scale >= 0) scale += 1;
  }
  if (digits === 0) return Number.NaN;
  for (let missing = decimals - Math.max(scale, 0); missing > 0; missing--) value *= 10;
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return negative ? -value : value;
}

/** Price to ticks (1/10,000). NaN when malformed, finer than a tick, or past 2^53. */
export const parseTicks = (bytes: Uint8Array, start: number, end: number): number => parseFixed(bytes, start, end, PRICE_DECIMALS);

/** Whole quantity; "200.00" is 200, "200.5" is NaN. */
export const parseQuantity = (bytes: Uint8Array, start: number, end: number): number => parseFixed(bytes, start, end, 0);

/** Is it a FIX float: optional minus, digits with at most one point, at least one digit? */
export function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (at < end && bytes[at] === MINUS) at += 1;
  let digits = 0;
  let points = 0;
  for (; at < end; at++) {
    const code = bytes[at] as number;
    if (code === DOT) points += 1;
    else if (code >= ZERO && code <= NINE) digits += 1;
    else return false;
  }
  return digits > 0 && points <= 1;
}

/** `count` (at most 9) digits at `at` as a number, or -1. */
function parseDigits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = ((bytes[i] as number) - ZERO) | 0;
    if (digit < 0 || digit > 9) return -1;
    value = (value * 10 + digit) | 0;
  }
  return value;
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days since 1970-01-01 of a date of the Gregorian calendar (year 1 on), or NaN when there is no such date. */
export function daysFromCivil(year: number, month: number, day: number): number {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const last = (DAYS_IN_MONTH[month - 1] as number) + (month === 2 && isLeap(year) ? 1 : 0);
  if (day > last) return Number.NaN;
  const before = year - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return before * 365 + leaps + (DAYS_BEFORE_MONTH[month - 1] as number) + leapDay + day - 719_163;
}

/** The date parsed last: nearly every timestamp of a day is of that day. */
let knownDate = 19_700_101;
let knownDays = 0;

/** yyyymmdd to days since 1970-01-01, or NaN. */
export function parseDate(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 8) return Number.NaN;
  const date = parseDigits(bytes, start, 8);
  if (date === knownDate) return knownDays;
  if (date < 0) return Number.NaN;
  const days = daysFromCivil(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);
  if (Number.isNaN(days)) return Number.NaN;
  knownDate = date;
  knownDays = days;
  return days;
}

/** HH:MM:SS with an optional fraction of 3, 6, 9 or 12 digits, to microseconds of the day (finer digits are cut), or NaN. Second 60 is allowed. */
export function parseTimeOfDay(bytes: Uint8Array, start: number, end: number): number {
  const width = end - start;
  if (width < 8 || bytes[start + 2] !== COLON || bytes[start + 5] !== COLON) return Number.NaN;
  const hour = parseDigits(bytes, start, 2);
  const minute = parseDigits(bytes, start + 3, 2);
  const second = parseDigits(bytes, start + 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return Number.NaN;
  const whole = (hour * 3_600 + minute * 60 + second) * 1_000_000;
  if (width === 8) return whole;
  const fraction = width - 9;
  if (bytes[start + 8] !== DOT || fraction < 3 || fraction > 12 || fraction % 3 !== 0) return Number.NaN;
  const millis = parseDigits(bytes, start + 9, 3);
  const micros = fraction > 3 ? parseDigits(bytes, start + 12, 3) : 0;
  const finer = fraction > 6 ? parseDigits(bytes, start + 15, fraction - 6) : 0;
  return millis < 0 || micros < 0 || finer < 0 ? Number.NaN : whole + millis * 1_000 + micros;
}

/** Text of the second parsed last, and its microseconds: of the timestamps of a turn nearly all lie in one second. */
const SECOND_BYTES = 17;
const knownSecond = new Uint8Array(SECOND_BYTES);
let knownMicros = Number.NaN;

function isKnownSecond(bytes: Uint8Array, start: number): boolean {
  for (let i = SECOND_BYTES - 1; i >= 0; i--) if (bytes[start + i] !== knownSecond[i]) return false;
  return true;
}

/** UTCTimestamp (17, 21, 24, 27 or 30 characters) to microseconds since 1970, or NaN. */
export function parseTimestamp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SECOND_BYTES || bytes[start + 8] !== MINUS) return Number.NaN;
  if (end - start === 21 && isKnownSecond(bytes, start) && bytes[start + 17] === DOT) {
    const millis = parseDigits(bytes, start + 18, 3);
    return millis < 0 ? Number.NaN : knownMicros + millis * 1_000;
  }
  const value = parseDate(bytes, start, start + 8) * 86_400_000_000 + parseTimeOfDay(bytes, start + 9, end);
  if (!Number.isNaN(value)) {
    for (let i = 0; i < SECOND_BYTES; i++) knownSecond[i] = bytes[start + i] as number;
    knownMicros = Math.floor(value / 1_000_000) * 1_000_000;
  }
  return value;
}
