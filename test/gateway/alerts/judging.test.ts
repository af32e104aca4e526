// When an alert is raised and when it ends: timelines a risk officer can read.
import { describe, expect, it } from 'vitest';
import { alertConfig } from '../../../gateway/alerts/alert-config.ts';
import { type GatewayFigures, GatewayWatch } from '../../../gateway/alerts/gateway-watch.ts';
import { Hysteresis } from '../../../gateway/alerts/hysteresis.ts';
import { type MarginLevel, marginLevel } from '../../../gateway/alerts/margin-level.ts';
import type { FeedView } from '../../../gateway/market-data/feed-view.ts';
import { bookIn } from './books.ts';

describe('hysteresis', () => {
  it.each<[string, readonly (readonly [second: number, value: number, change: string])[]]>([
    [
      'raises after ten seconds above, clears after five below',
      [
        [0, 100, 'none'],
        [9, 100, 'none'],
        [10, 100, 'raise'],
        [11, 40, 'none'],
        [16, 40, 'clear'],
      ],
    ],
    [
      'forgets a spike',
      [
        [0, 100, 'none'],
        [5, 50, 'none'],
        [6, 100, 'none'],
        [15, 100, 'none'],
        [16, 100, 'raise'],
      ],
    ],
    [
      'stays raised between the edges',
      [
        [0, 100, 'none'],
        [10, 100, 'raise'],
        [20, 99, 'none'],
        [60, 51, 'none'],
        [61, 50, 'none'],
        [66, 50, 'clear'],
      ],
    ],
    [
      'starts the wait again when the figure comes back',
      [
        [0, 100, 'none'],
        [10, 100, 'raise'],
        [11, 40, 'none'],
        [14, 60, 'none'],
        [15, 40, 'none'],
        [19, 40, 'none'],
        [20, 40, 'clear'],
      ],
    ],
  ])('%s', (_, looks) => {
    const hysteresis = new Hysteresis({ raiseAt: 100, clearAt: 50, raiseAfterMs: 10_000, clearAfterMs: 5_000 });
    for (const [second, value, change] of looks) expect([second, hysteresis.update(value, second * 1_000)]).toEqual([second, change]);
  });
});

describe('how near a client is to the end of the funds', () => {
  it.each<[requirement: number, available: number, before: MarginLevel, after: MarginLevel, why: string]>([
    [79, 100, 0, 0, 'fine'],
    [80, 100, 0, 1, '80 % used'],
    [90, 100, 0, 2, '90 % used'],
    [100, 100, 0, 2, 'all used, and enough'],
    [101, 100, 0, 3, 'short'],
    [78, 100, 1, 1, 'below 80 %, not yet below 77 %'],
    [76, 100, 1, 0, 'below 77 %'],
    [89, 100, 2, 2, 'below 90 %, not yet below 87 %'],
    [86, 100, 2, 1, 'below 87 %'],
    [99, 100, 3, 3, 'covered again, not yet below 98 %'],
    [97, 100, 3, 2, 'below 98 %'],
    [10, 100, 3, 0, 'far below everything'],
    [1, 0, 0, 3, 'a requirement without funds'],
    [1, -50, 0, 3, 'a requirement and debts'],
    [0, -50, 0, 0, 'debts without a requirement'],
    [0, 0, 3, 0, 'nothing at all'],
  ])('%d of %d from level %d is level %d: %s', (requirement, available, before, after) =>
    expect(marginLevel(requirement, available, before)).toBe(after),
  );
});

interface House {
  open: boolean;
  loggedOn: boolean;
  age: number;
  lag: number;
  free: number;
  stale: number;
  state: FeedView['state'];
  halts: string[];
  rejects: Float64Array;
}

/** Counts in which one code was given so often. */
function burst(count: number): Float64Array {
  const rejects = new Float64Array(256);
  rejects[26] = count;
  return rejects;
}

function watched() {
  const house: House = {
    open: true,
    loggedOn: true,
    age: 10,
    lag: 0,
    free: 50_000,
    stale: 0,
    state: 'up',
    halts: [],
    rejects: new Float64Array(256),
  };
  let second = 0;
  const { book, close } = bookIn(() => second * 1_000);
  const feed = (): FeedView => ({
    source: 'ticker',
    state: house.state,
    detail: 'for a reason',
    age_seconds: 1,
    stale: house.stale > 0,
    segments: [{ exchange: 'NSE', instruments: 5, stale: house.stale, stale_after_seconds: 30, age_seconds: 1 }],
    stale_instruments: [],
    ticks: 0,
    bad_ticks: {},
    halts: house.halts,
    bans: [],
    sessions: {},
  });
  const figures: GatewayFigures = {
    isDayOpen: () => house.open,
    feed,
    parameters: () => ({ label: 'nsccl.i1.spn', ageMinutes: house.age }),
    checkpointLag: () => house.lag,
    sessions: () => [
      { name: 'OMS', loggedOn: house.loggedOn, isKnown: true, isScheduled: true },
      { name: 'NEVER', loggedOn: false, isKnown: false, isScheduled: true },
      { name: 'NIGHT', loggedOn: false, isKnown: true, isScheduled: false },
    ],
    rejects: () => house.rejects,
    diskFreeMiB: () => house.free,
  };
  const watch = new GatewayWatch(figures, book, alertConfig.parse({ rejectsPerMinute: 100 }));
  /** Looks each second up to `to` and tells what stands. */
  const look = (seconds: number): string[] => {
    for (const end = second + seconds; second < end; ) {
      second += 1;
      watch.look(second * 1_000);
    }
    return [...book.activeAlerts()].map(({ kind, subject }) => `${kind} ${subject}`).sort();
  };
  return { house, look, close };
}

describe('what the gateway watches of itself', () => {
  it('is quiet on an ordinary day', () => {
    const { look, close } = watched();
    expect(look(120)).toEqual([]);
    close();
  });

  it.each<[string, Partial<House>, number, string[], Partial<House>, number]>([
    ['a session down for half a minute', { loggedOn: false }, 31, ['sessionDown OMS'], { loggedOn: true }, 1],
    ['an old SPAN file', { age: 241 }, 1, ['parametersOld span'], { age: 1 }, 1],
    ['a checkpoint far behind', { lag: 600_000 }, 6, ['checkpointLag checkpoint'], { lag: 200_000 }, 6],
    ['a disk nearly full', { free: 1_000 }, 1, ['journalDiskLow journal'], { free: 2_000 }, 6],
    ['a segment without prices', { stale: 5 }, 1, ['feedStale NSE'], { stale: 0 }, 3],
    ['a feed that is down', { state: 'down' }, 6, ['feedStale feed'], { state: 'up' }, 3],
    ['a market-wide halt', { halts: ['NIFTY 50'] }, 1, ['marketHalt NIFTY 50'], { halts: [] }, 1],
    ['a burst of one rejection', { rejects: burst(100) }, 1, ['rejectBurst insufficientMargin'], {}, 75],
  ])('raises and ends %s', (_, spoil, wait, alerts, mend, waitMore) => {
    const { house, look, close } = watched();
    look(5);
    Object.assign(house, spoil);
    expect(look(wait)).toEqual(alerts);
    Object.assign(house, mend);
    expect(look(waitMore)).toEqual([]);
    close();
  });

  it.each<[string, Partial<House>]>([
    ['some stale instruments of many', { stale: 4 }],
    ['a session down for ten seconds', { loggedOn: false }],
    ['a lag that is large for four seconds', { lag: 600_000 }],
  ])('does not cry over %s', (_, spoil) => {
    const { house, look, close } = watched();
    Object.assign(house, spoil);
    expect(look(4)).toEqual([]);
    close();
  });

  it('lets the night be: no session, no feed, an old file', () => {
    const { house, look, close } = watched();
    Object.assign(house, { open: false, loggedOn: false, state: 'down', stale: 5, age: 900 });
    expect(look(120)).toEqual([]);
    close();
  });
});
