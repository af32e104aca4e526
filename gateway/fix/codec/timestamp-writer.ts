// Writes UTC timestamps with milliseconds (21 characters: yyyymmdd-HH:MM:SS.sss). The first 17 are kept for the current second: a message
// costs three digits. No Date, no allocation.
import { COLON, DOT, MINUS, ZERO } from './ascii.ts';

/** Width of a timestamp as written here. */
export const TIMESTAMP_BYTES = 21;
const MICROS_PER_SECOND = 1_000_000;
const SECONDS_PER_DAY = 86_400;

/** Writes timestamps, keeping the text of the current second. */
export class TimestampWriter {
  private readonly cache = new Uint8Array(17);
  private second = -1;

  /** Writes `micros` since 1970 (not negative) at to[at, at + 21). */
  write(to: Uint8Array, at: number, micros: number): void {
    const second = Math.floor(micros / MICROS_PER_SECOND);
    if (second !== this.second) this.fill(second);
    const cache = this.cache;
    for (let i = 0; i < 17; i++) to[at + i] = cache[i] as number;
    to[at + 17] = DOT;
    writeDigits(to, at + 18, Math.floor((micros - second * MICROS_PER_SECOND) / 1_000), 3);
  }

  private fill(second: number): void {
    this.second = second;
    const days = Math.floor(second / SECONDS_PER_DAY);
    const ofDay = second - days * SECONDS_PER_DAY;
    writeDigits(this.cache, 0, dateOfDays(days), 8);
    this.cache[8] = MINUS;
    writeDigits(this.cache, 9, Math.floor(ofDay / 3_600), 2);
    this.cache[11] = COLON;
    writeDigits(this.cache, 12, Math.floor(ofDay / 60) % 60, 2);
    this.cache[14] = COLON;
    writeDigits(this.cache, 15, ofDay % 60, 2);
  }
}

/** Writes `value` (0 to 2^31 - 1) as exactly `width` digits at `at`, high digits cut. */
export function writeDigits(to: Uint8Array, at: number, value: number, width: number): void {
  let rest = value | 0;
  for (let i = at + width - 1; i >= at; i--) {
    const next = (rest / 10) | 0;
    to[i] = ZERO + rest - next * 10;
    rest = next;
  }
}

/** Days since 1970-01-01 as the integer yyyymmdd. */
export function dateOfDays(days: number): number {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 10_000 + month * 100 + day;
}
