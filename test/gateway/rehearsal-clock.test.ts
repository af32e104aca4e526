// The clock of a rehearsal: another time of another day, faster, and held before a given moment.
import { describe, expect, it } from 'vitest';
import { rehearsalClock, rehearsalConfig } from '../../gateway/rehearsal-clock.ts';

const MORNING = { from: '2026-11-20T09:00:00+05:30', until: '2026-11-20T15:15:00+05:30' };

describe('rehearsal clock', () => {
  it.each([
    // milliseconds since the start, time of day that is
    [0, '09:00:00'],
    [1_000, '09:10:00'],
    [30_000, '14:00:00'],
    [37_500, '15:15:00'],
    [900_000, '15:15:00'],
  ])('%i ms after the start it is %s', (millis, expected) => {
    let counter = 5_000;
    const now = rehearsalClock({ ...MORNING, speed: 600 }, () => counter);
    counter += millis;
    expect(new Date(now() / 1_000 + 330 * 60_000).toISOString().slice(11, 19)).toBe(expected);
  });

  it('stands until its wall time has come, the same in every program', () => {
    const at = '2027-01-01T00:00:00Z';
    const time = (seconds: number): string =>
      new Date(rehearsalClock({ ...MORNING, at, speed: 60 }, () => Date.parse(at) + seconds * 1_000)() / 1_000).toISOString();
    expect([time(-5), time(0), time(60)]).toEqual(['2026-11-20T03:30:00.000Z', '2026-11-20T03:30:00.000Z', '2026-11-20T04:30:00.000Z']);
  });

  it.each([
    [{ ...MORNING, from: '2026-11-20T16:00:00+05:30' }, 'from must not be after until'],
    [{ ...MORNING, until: '15:15' }, 'Invalid ISO datetime'],
    [{ ...MORNING, speed: 0 }, 'Too small'],
    [{ ...MORNING, pace: 2 }, 'Unrecognized key'],
  ])('refuses %j', (config, expected) => {
    const { error } = rehearsalConfig.safeParse(config);
    expect(error?.issues.map(({ message }) => message).join()).toContain(expected);
  });
});
