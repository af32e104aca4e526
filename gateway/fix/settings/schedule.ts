// When a session may be up: daily or weekly hours in a time zone. Wall-clock rules are turned into instants with the zone's own offsets, so that
// a change to or from summer time moves the instant, not the rule. Pure: time is passed in.
import { WEEKDAYS } from './parse-settings.ts';
import type { SessionSettings } from './settings.ts';

const MICROS_PER_SECOND = 1_000_000;
const SECONDS_PER_DAY = 86_400;

type Hours = Pick<SessionSettings, 'StartTime' | 'EndTime' | 'TimeZone' | 'StartDay' | 'EndDay' | 'Weekdays' | 'NonStopSession'>;

/** The hours of one session. */
export class Schedule {
  private readonly always: boolean;
  private readonly zone: Intl.DateTimeFormat;
  private readonly start: number;
  private readonly end: number;
  private readonly startDay: number;
  private readonly endDay: number;
  private readonly days: ReadonlySet<number>;
  /** The opening found last: asked for every tick, it changes twice a day. */
  private knownFrom = Number.POSITIVE_INFINITY;
  private knownTo = Number.NEGATIVE_INFINITY;
  private knownOpening = Number.NaN;

  constructor(hours: Hours) {
    this.always = hours.NonStopSession || hours.StartTime === '';
    this.zone = new Intl.DateTimeFormat('en-US', {
      timeZone: hours.TimeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    this.start = secondsOfDay(hours.StartTime);
    this.end = secondsOfDay(hours.EndTime);
    this.startDay = (WEEKDAYS as readonly string[]).indexOf(hours.StartDay);
    this.endDay = (WEEKDAYS as readonly string[]).indexOf(hours.EndDay);
    this.days = new Set(
      hours.Weekdays === '' ? [0, 1, 2, 3, 4, 5, 6] : hours.Weekdays.split(',').map((day) => (WEEKDAYS as readonly string[]).indexOf(day.trim())),
    );
  }

  /** Is `now` (microseconds since 1970) within the hours? */
  isOpen(now: number): boolean {
    return this.always || !Number.isNaN(this.opening(now));
  }

  /** When the hours `now` lies in began; -Infinity for a session without hours, or outside them. Numbers older than this belong to an earlier session. */
  openedAt(now: number): number {
    if (this.always) return Number.NEGATIVE_INFINITY;
    const opening = this.opening(now);
    return Number.isNaN(opening) ? Number.NEGATIVE_INFINITY : opening;
  }

  /** Start of the hours `now` lies in, or NaN. */
  private opening(now: number): number {
    if (now >= this.knownFrom && now < this.knownTo) return this.knownOpening;
    const found = this.find(now);
    // Closed spells are looked at again each minute: the next opening is not computed.
    this.knownFrom = found === undefined ? now : found.from;
    this.knownTo = found === undefined ? now + 60 * MICROS_PER_SECOND - (now % (60 * MICROS_PER_SECOND)) : found.to;
    this.knownOpening = found === undefined ? Number.NaN : found.from;
    return this.knownOpening;
  }

  private find(now: number): { readonly from: number; readonly to: number } | undefined {
    const today = Math.floor(this.wallSeconds(now / MICROS_PER_SECOND) / SECONDS_PER_DAY);
    const weekly = this.startDay >= 0;
    for (let day = today + 1; day >= today - (weekly ? 7 : 1); day--) {
      const weekday = (((day + 4) % 7) + 7) % 7;
      if (weekly ? weekday !== this.startDay : !this.days.has(weekday)) continue;
      const from = this.instant(day, this.start);
      const to = this.instant(day + this.length(), this.end);
      if (now >= from && now < to) return { from, to };
    }
    return undefined;
  }

  /** Days from the day of the start to the day of the end. */
  private length(): number {
    if (this.startDay < 0) return this.end > this.start ? 0 : 1;
    const days = (this.endDay - this.startDay + 7) % 7;
    return days === 0 && this.end <= this.start ? 7 : days;
  }

  /** Microseconds since 1970 at which the zone's clocks show `seconds` of `day`; in a skipped hour the moment after it. */
  private instant(day: number, seconds: number): number {
    const wall = day * SECONDS_PER_DAY + seconds;
    let guess = wall - this.offset(wall);
    guess = wall - this.offset(guess);
    return guess * MICROS_PER_SECOND;
  }

  private offset(utcSeconds: number): number {
    return this.wallSeconds(utcSeconds) - Math.floor(utcSeconds);
  }

  /** What the zone's clocks show, as if it were UTC, seconds since 1970. */
  private wallSeconds(utcSeconds: number): number {
    const parts: Record<string, number> = {};
    for (const part of this.zone.formatToParts(Math.floor(utcSeconds) * 1_000)) parts[part.type] = Number(part.value);
    const at = (name: string): number => parts[name] ?? 0;
    return Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second')) / 1_000;
  }
}

function secondsOfDay(text: string): number {
  if (text === '') return 0;
  const [hour, minute, second] = text.split(':').map(Number);
  return ((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (second ?? 0);
}
