// Writes UTC timestamps with milliseconds (21 characters: yyyymmdd-HH:MM:SS.sss). The text of the last millisecond is kept, and within its second
// only three digits change. No Date, no allocation.
import { COLON, DOT, MINUS, ZERO } from './ascii.ts';
import { dataViewOf } from './check-sum.ts';

/** Width of a timestamp as written here. */
export const TIMESTAMP_BYTES = 21;
const MICROS_PER_MILLI = 1_000;
const MILLIS_PER_SECOND = 1_000;
const SECONDS_PER_DAY = 86_400;

/** Writes timestamps, keeping the text of the current millisecond. */
export class TimestampWriter {
  private readonly cache = new Uint8Array(TIMESTAMP_BYTES);
  private readonly data = dataViewOf(this.cache);
  private second = -1;
  private milli = -1;

  /** Writes `micros` since 1970 (not negative) at `at`, 21 bytes. */
  write(to: DataView, at: number, micros: number): void {
    const milli = Math.floor(micros / MICROS_PER_MILLI);
    if (milli !== this.milli) this.turn(milli);
    const { data } = this;
    for (let i = 0; i < 20; i += 4) to.setInt32(at + i, data.getInt32(i, true), true);
    to.setUint8(at + 20, data.getUint8(20));
  }

  private turn(milli: number): void {
    this.milli = milli;
    const second = Math.floor(milli / MILLIS_PER_SECOND);
    if (second !== this.second) this.fill(second);
    writeDigits(this.cache, 18, milli - second * MILLIS_PER_SECOND, 3);
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
    this.cache[17] = DOT;
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
