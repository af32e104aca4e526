// Settings and hours: what is refused says where and why; hours follow the zone's clocks through summer time.
import { describe, expect, it } from 'vitest';
import { parseFixSettings, parseSessionSettings, Schedule } from '../../../gateway/fix/index.ts';

const ids = { SenderCompID: 'A', TargetCompID: 'B' };

describe('settings', () => {
  it('takes JSON values and QuickFIX texts alike, defaults first, sessions over them', () => {
    const [one, two] = parseFixSettings({
      default: { SenderCompID: 'A', HeartBtInt: '20', ResetOnLogon: 'Y' },
      sessions: [{ TargetCompID: 'B' }, { TargetCompID: 'C', HeartBtInt: 5 }],
    });
    expect([one?.HeartBtInt, one?.ResetOnLogon, one?.BeginString, two?.HeartBtInt]).toEqual([20, true, 'FIX.4.4', 5]);
  });

  it.each([
    [{ ...ids, HeartBeatInt: 30 }, 'session.HeartBeatInt: unknown key'],
    [{ ...ids, heartbtint: 30 }, 'session.heartbtint: unknown key; did you mean HeartBtInt?'],
    [{ SenderCompID: 'A' }, 'session.TargetCompID: is required'],
    [{ ...ids, TargetCompID: '' }, 'session.TargetCompID: must not be empty, found ""'],
    [{ ...ids, BeginString: 'FIX.9' }, 'session.BeginString: must be one of FIX.4.0, FIX.4.1, FIX.4.2, FIX.4.3, FIX.4.4, FIXT.1.1, found "FIX.9"'],
    [{ ...ids, HeartBtInt: -1 }, 'session.HeartBtInt: must be a whole number from 0 to 9007199254740991, found -1'],
    [{ ...ids, ResetOnLogon: 'yes' }, 'session.ResetOnLogon: must be true, false, "Y" or "N", found "yes"'],
    [{ ...ids, StartTime: '9:15', EndTime: '15:30:00' }, 'session.StartTime: must be HH:MM:SS, found "9:15"'],
    [{ ...ids, StartTime: '09:15:00' }, 'session.EndTime: StartTime and EndTime are set together or not at all'],
    [{ ...ids, TimeZone: 'Asia/Bombay2' }, 'session.TimeZone: must be an IANA time zone such as Asia/Kolkata, found "Asia/Bombay2"'],
    [{ ...ids, Weekdays: 'Mon' }, 'session.Weekdays: must be weekday names separated by commas, found "Mon"'],
    [
      { ...ids, AllowedRemoteAddresses: '10.0.0.300' },
      'session.AllowedRemoteAddresses: must be IP addresses or CIDR blocks separated by commas, found "10.0.0.300"',
    ],
    [{ ...ids, ConnectionType: 'initiator' }, 'session.SocketConnectPort: is required for an initiator'],
    [{ ...ids, BeginString: 'FIXT.1.1' }, 'session.DefaultApplVerID: is required with FIXT.1.1'],
    [{ ...ids, UserDefinedFields: '9001:FOO' }, 'session.UserDefinedFields: must be tag:TYPE pairs, found "9001:FOO"'],
  ])('%j is refused', (input, text) => {
    expect(() => parseSessionSettings(input)).toThrow(text);
  });

  it('names the session at fault, and refuses one twice', () => {
    expect(() => parseFixSettings({ sessions: [ids, { SenderCompID: 'A' }] }, 'tarazu.json: fix')).toThrow(
      'tarazu.json: fix.sessions[1].TargetCompID: is required',
    );
    expect(() => parseFixSettings({ sessions: [ids, ids] })).toThrow('fix.sessions[1].TargetCompID: session FIX.4.4:A->B appears twice');
    expect(() => parseFixSettings({ session: [] })).toThrow('fix.session: unknown key');
    expect(() => parseFixSettings({ sessions: [] })).toThrow('fix.sessions: must be a list');
    expect(() => parseFixSettings([])).toThrow('fix: must be an object');
  });
});

const at = (text: string): number => Date.parse(text) * 1_000;
const hours = (over: Readonly<Record<string, unknown>>): Schedule => new Schedule(parseSessionSettings({ ...ids, ...over }));

describe('session hours', () => {
  const kolkata = hours({
    StartTime: '09:00:00',
    EndTime: '15:30:00',
    TimeZone: 'Asia/Kolkata',
    Weekdays: 'Monday,Tuesday,Wednesday,Thursday,Friday',
  });
  const overnight = hours({ StartTime: '18:00:00', EndTime: '17:00:00', TimeZone: 'America/New_York' });
  const weekly = hours({ StartTime: '18:00:00', EndTime: '17:00:00', StartDay: 'Sunday', EndDay: 'Friday', TimeZone: 'America/New_York' });

  it.each([
    ['a Friday in Mumbai, a second before', kolkata, '2026-11-20T03:29:59Z', false],
    ['the first second', kolkata, '2026-11-20T03:30:00Z', true],
    ['the last second', kolkata, '2026-11-20T09:59:59Z', true],
    ['the end', kolkata, '2026-11-20T10:00:00Z', false],
    ['a Saturday', kolkata, '2026-11-21T05:00:00Z', false],
    ['New York in winter, in the pause', overnight, '2026-01-15T22:30:00Z', false],
    ['New York in winter, after it', overnight, '2026-01-15T23:00:00Z', true],
    ['New York in summer, in the pause', overnight, '2026-07-15T21:30:00Z', false],
    ['New York in summer, after it', overnight, '2026-07-15T22:00:00Z', true],
    ['weekly: Sunday before the start', weekly, '2026-03-08T21:59:59Z', false],
    ['weekly: Sunday on which clocks went forward, at the start', weekly, '2026-03-08T22:00:00Z', true],
    ['weekly: Wednesday night', weekly, '2026-03-11T03:00:00Z', true],
    ['weekly: Friday at the end', weekly, '2026-03-13T21:00:00Z', false],
    ['weekly: Saturday', weekly, '2026-03-14T12:00:00Z', false],
  ])('%s', (_, schedule, when, open) => {
    expect(schedule.isOpen(at(when))).toBe(open);
  });

  it('a night session spans the change of the clocks: 22 and 24 hours long in real time', () => {
    const from = (when: string): string => new Date(overnight.openedAt(at(when)) / 1_000).toISOString();
    expect(from('2026-03-08T12:00:00Z')).toBe('2026-03-07T23:00:00.000Z');
    expect(from('2026-03-09T12:00:00Z')).toBe('2026-03-08T22:00:00.000Z');
    expect(from('2026-11-01T12:00:00Z')).toBe('2026-10-31T22:00:00.000Z');
    expect(from('2026-11-02T12:00:00Z')).toBe('2026-11-01T23:00:00.000Z');
  });

  it('without hours, and non-stop, is always open', () => {
    expect(hours({}).isOpen(at('2026-11-22T00:00:00Z'))).toBe(true);
    expect(hours({ NonStopSession: true, StartTime: '09:00:00', EndTime: '10:00:00' }).isOpen(at('2026-11-22T00:00:00Z'))).toBe(true);
  });

  it('answers the same asked forwards, backwards and again', () => {
    const times = Array.from({ length: 200 }, (_, i) => at('2026-03-06T00:00:00Z') + i * 3_600_000_000);
    const forwards = times.map((time) => weekly.isOpen(time));
    const backwards = times.toReversed().map((time) => weekly.isOpen(time));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(
      times.map((time) =>
        hours({ StartTime: '18:00:00', EndTime: '17:00:00', StartDay: 'Sunday', EndDay: 'Friday', TimeZone: 'America/New_York' }).isOpen(time),
      ),
    ).toEqual(forwards);
  });
});
