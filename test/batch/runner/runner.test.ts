// The runner on small graphs with a clock that is moved by hand: what starts when, what a failure leads to, what people may do.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { auditPack, type NodeBody, PermanentFault, runDifferences, TransientFault, workQueue } from '../../../batch/runner/index.ts';
import { DATE, type Shorthand, TestNight } from './night-script.ts';

let night: TestNight;
const start = (...rows: Shorthand[]): TestNight => {
  night = new TestNight(rows);
  return night;
};
afterEach(() => night.close());

const failing = (times: number, fault: Error) => {
  let left = times;
  return async () => {
    if (left > 0) {
      left -= 1;
      throw fault;
    }
    return {};
  };
};

describe('order', () => {
  it('runs parents first, siblings in parallel, joins last', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A'], ['EOD-C', 'EOD-A'], ['EOD-D', 'EOD-B, EOD-C']);
    expect(await night.run()).toBe(0);
    expect(night.begun).toEqual(['EOD-A', 'EOD-B', 'EOD-C', 'EOD-D']);
    expect(night.runner.isGreen(night.runId)).toBe(true);
  });

  it('lets an any-join go with its first edge', async () => {
    start(['EOD-A', ''], ['EOD-B', ''], ['EOD-C', 'EOD-A, EOD-B', { join: 'any' }]);
    night.body('EOD-B', failing(99, new PermanentFault('no file')));
    await night.run();
    expect(night.notDone()).toEqual({ 'EOD-B': 'failed' });
  });

  it('holds one segment without holding the others', async () => {
    start(['EOD-A', '', { per: ['CM', 'FO'] }], ['EOD-B', 'EOD-A', { per: ['CM', 'FO'] }], ['EOD-C', 'EOD-B']);
    night.body('EOD-A', async ({ segment }) => {
      if (segment === 'FO') throw new PermanentFault('row 7: no quantity');
      return {};
    });
    await night.run();
    expect(night.notDone()).toEqual({ 'EOD-A@FO': 'failed', 'EOD-B@FO': 'waiting', 'EOD-C': 'waiting' });
  });

  it('starts by the clock, and says when', async () => {
    start(['EOD-A', '', { trigger: { minutes: [18 * 60], days: 0 } }]);
    const wakeAt = await night.run();
    expect(wakeAt - night.now).toBe(2 * 3600 * 1e6);
    expect(night.begun).toEqual([]);
    await night.later(2 * 3600);
    expect(night.begun).toEqual(['EOD-A']);
  });

  it('counts from each segment’s own close', async () => {
    start(['EOD-A', '', { per: ['CM', 'COM'], trigger: { minutes: [10], days: 0, fromClose: true } }]);
    await night.run();
    expect(night.begun).toEqual(['EOD-A@CM']);
    // November: New York is on winter time, commodity closes 23:55.
    await night.later(8 * 3600);
    expect(night.begun).toEqual(['EOD-A@CM']);
    await night.later(5 * 60);
    expect(night.begun).toEqual(['EOD-A@CM', 'EOD-A@COM']);
  });

  it('waits for earlier dates where there are any', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A, EOD-A (previous)']);
    night.runner.open('2026-11-19', 'eod', 'ops');
    night.operator.hold('2026-11-19/eod/1', 'EOD-A', { by: 'ops', reason: 'late file' });
    await night.run();
    expect(night.notDone()).toEqual({ 'EOD-B': 'waiting' });
    expect(night.runner.readiness(night.runner.states.newest(DATE, 'eod') ?? raise(), 'EOD-B').waitingFor).toEqual(['EOD-A of 2026-11-19']);
    night.operator.release('2026-11-19/eod/1', 'EOD-A', { by: 'ops', reason: 'file came' });
    await night.runner.advance();
    expect(night.runner.isGreen(night.runId)).toBe(true);
  });

  it('refuses a holiday', () => {
    start(['EOD-A', '']);
    expect(() => night.runner.open('2026-11-21', 'eod', 'ops')).toThrow('2026-11-21 is not a trading day');
    expect(() => night.runner.open('2026-11-24', 'eod', 'ops')).toThrow('not a trading day');
    expect(() => night.runner.open('2031-01-02', 'eod', 'ops')).toThrow('no year 2031');
  });
});

function raise(): never {
  throw new Error('no run');
}

describe('failures', () => {
  it('waits longer before each attempt', async () => {
    start(['EOD-A', '']);
    night.body('EOD-A', failing(2, new TransientFault('connection refused')));
    await night.run();
    expect(night.status('EOD-A')).toBe('retry');
    await night.later(4);
    expect(night.begun.length).toBe(1);
    await night.later(1);
    expect(night.begun.length).toBe(2);
    await night.later(10);
    expect(night.status('EOD-A')).toBe('done');
  });

  it.each<[string, Partial<Shorthand[2]>, string, number]>([
    ['3×', {}, 'failed', 3],
    ['3× then manual', {}, 'manual', 3],
    ['1× then critical', {}, 'failed', 1],
    ['3× then alternate', {}, 'failed', 6],
    ['3× then stale-list', {}, 'failed', 6],
  ])('%s ends as it says', async (retry, _changes, status, attempts) => {
    start(['EOD-A', '', { retry }]);
    night.body('EOD-A', failing(99, new TransientFault('no')));
    for (let wake = await night.run(); wake > 0; ) wake = await night.later((wake - night.now) / 1e6);
    expect(night.status('EOD-A')).toBe(status);
    expect(night.begun.length).toBe(attempts);
  });

  it('takes the alternate way at once when the file itself is wrong', async () => {
    start(['EOD-A', '', { retry: '3× then alternate' }]);
    night.body('EOD-A', async ({ way }) => {
      if (way === 'usual') throw new PermanentFault('row 3: no ISIN');
      return { note: way };
    });
    await night.run();
    expect(night.begun.length).toBe(2);
    expect(night.status('EOD-A')).toBe('done');
  });

  it('keeps an error nobody foresaw in words and goes no further', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A']);
    night.body('EOD-A', async () => JSON.parse('{'));
    await night.run();
    expect(night.notDone()).toEqual({ 'EOD-A': 'failed', 'EOD-B': 'waiting' });
    const [entry] = workQueue(night.runner.states, night.graph, night.runner.parts.store.runsFrom());
    expect(entry).toMatchObject({ key: 'EOD-A', surface: 'ops queue', error: expect.stringContaining('unforeseen: ') });
  });

  it('is not green while a middle node failed and a leaf is done', async () => {
    start(['EOD-A', ''], ['EOD-B', '']);
    night.body('EOD-A', failing(1, new PermanentFault('no')));
    await night.run();
    expect(night.runner.isGreen(night.runId)).toBe(false);
  });

  it('stops at a gate whose sums differ, until two persons explain it', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A']);
    night.body('EOD-A', async () => ({ gates: [{ name: 'trades = notes', left: 100, right: 99 }] }));
    await night.run();
    expect(night.notDone()).toEqual({ 'EOD-A': 'gate', 'EOD-B': 'waiting' });
    expect(workQueue(night.runner.states, night.graph, night.runner.parts.store.runsFrom())[0]?.error).toBe('trades = notes: 100 against 99');
    night.operator.propose(night.runId, 'EOD-A', 'explain', { by: 'asha', reason: 'auction trade booked tomorrow' });
    expect(() => night.operator.approve(night.runId, 'EOD-A', 'asha')).toThrow('another person has to approve');
    night.operator.approve(night.runId, 'EOD-A', 'binod');
    await night.runner.advance();
    expect(night.runner.isGreen(night.runId)).toBe(true);
  });
});

describe('people', () => {
  it('starts what needs two persons only after both', async () => {
    start(['EOD-A', '', { human: 'two-person' }]);
    await night.run();
    expect(night.begun).toEqual([]);
    night.operator.propose(night.runId, 'EOD-A', 'start', { by: 'asha', reason: 'pay-in checked' });
    await night.runner.advance();
    expect(night.begun).toEqual([]);
    night.operator.approve(night.runId, 'EOD-A', 'binod');
    await night.runner.advance();
    expect(night.begun).toEqual(['EOD-A']);
  });

  it('skips with a reason, and goes on', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A']);
    night.body('EOD-A', failing(9, new PermanentFault('no')));
    await night.run();
    expect(() => night.operator.propose(night.runId, 'EOD-A', 'skip', { by: 'asha', reason: '' })).toThrow('a reason is needed');
    night.operator.propose(night.runId, 'EOD-A', 'skip', { by: 'asha', reason: 'exchange has no session today' });
    night.operator.approve(night.runId, 'EOD-A', 'binod');
    await night.runner.advance();
    expect(night.notDone()).toEqual({ 'EOD-A': 'skipped' });
    expect(night.runner.isGreen(night.runId)).toBe(true);
  });

  it('clears one, what is below, or the failed ones only', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A'], ['EOD-C', 'EOD-B'], ['EOD-D', 'EOD-A']);
    night.body('EOD-D', failing(1, new PermanentFault('no')));
    await night.run();
    expect(night.operator.clear(night.runId, 'EOD-A', 'failed', { by: 'ops', reason: 'fixed' })).toEqual(['EOD-D']);
    expect(night.operator.clear(night.runId, 'EOD-B', 'below', { by: 'ops', reason: 'new file' })).toEqual(['EOD-B', 'EOD-C']);
    await night.runner.advance();
    expect(night.begun).toEqual(['EOD-A', 'EOD-B', 'EOD-D', 'EOD-C', 'EOD-B', 'EOD-D', 'EOD-C']);
    expect(night.runner.states.state(night.runId, 'EOD-B').generation).toBe(1);
  });

  it('never runs money again by clearing it', async () => {
    start(['EOD-A', ''], ['EOD-PAY', 'EOD-A', { effect: 'external', idempotent: 'no (money movement)', compensation: 'a reversing obligation' }]);
    await night.run();
    expect(() => night.operator.clear(night.runId, 'EOD-A', 'below', { by: 'ops', reason: 'again' })).toThrow('EOD-PAY moved money');
    expect(night.status('EOD-A')).toBe('done');
  });

  it('opens a correction run for a re-issued file: what used it runs again, the rest stands', async () => {
    start(['EOD-A', ''], ['EOD-B', ''], ['EOD-C', 'EOD-A'], ['EOD-D', 'EOD-B']);
    let version = 'v1';
    night.body('EOD-B', async (context) => {
      context.pin('prices', 'prices.csv', 'v7');
      return {};
    });
    night.body('EOD-A', async (context) => {
      context.pin('trades', `trades-${version}.csv`, version);
      return { outputs: { version } };
    });
    await night.run();
    version = 'v2';
    const run = night.operator.correct(DATE, 'eod', ['trades'], { by: 'ops', reason: 'final file' });
    expect(run.id).toBe(`${DATE}/eod/2`);
    const before = night.begun.length;
    await night.runner.advance();
    expect(night.begun.slice(before)).toEqual(expect.arrayContaining(['EOD-A', 'EOD-C']));
    expect(night.begun.slice(before)).not.toContain('EOD-D');
    const differences = runDifferences(night.runner.states.of(`${DATE}/eod/1`), night.runner.states.of(run.id));
    expect(differences).toEqual([
      { key: 'EOD-A', what: 'input', name: 'trades', left: 'v1', right: 'v2' },
      { key: 'EOD-A', what: 'output', name: 'version', left: 'v1', right: 'v2' },
    ]);
    // What stands rests on its files still: they may come anew, too.
    night.body('EOD-B', async (context) => {
      context.pin('prices', 'prices.csv', 'v8');
      return {};
    });
    const third = night.operator.correct(DATE, 'eod', ['prices'], { by: 'ops', reason: 'prices issued again' });
    await night.runner.advance();
    expect(runDifferences(night.runner.states.of(run.id), night.runner.states.of(third.id))).toEqual([
      { key: 'EOD-B', what: 'input', name: 'prices', left: 'v7', right: 'v8' },
    ]);
    expect(night.begun.slice(-2)).toEqual(['EOD-B', 'EOD-D']);
  });

  it('opens a correction run whole or not at all', async () => {
    start(['EOD-A', ''], ['EOD-B', '']);
    night.body('EOD-A', async (context) => {
      context.pin('trades', 'trades.csv', 'v1');
      return {};
    });
    await night.run();
    const record = vi.spyOn(night.runner, 'record').mockImplementation(() => {
      throw new Error('power cut');
    });
    expect(() => night.operator.correct(DATE, 'eod', ['trades'], { by: 'ops', reason: 'final file' })).toThrow('power cut');
    record.mockRestore();
    expect(night.runner.parts.store.run(`${DATE}/eod/2`)).toBeUndefined();
    expect(night.runner.states.newest(DATE, 'eod')?.id).toBe(`${DATE}/eod/1`);
  });

  it('refuses another version of a file that the run has used', async () => {
    start(['EOD-A', ''], ['EOD-B', 'EOD-A']);
    const using =
      (file: string, version: string): NodeBody =>
      async (context) => {
        context.pin('trades', file, version);
        return {};
      };
    night.body('EOD-A', using('a.csv', 'v1'));
    night.body('EOD-B', using('b.csv', 'v2'));
    await night.run();
    expect(night.runner.states.state(night.runId, 'EOD-B').error).toContain('b.csv: another version of "trades"');
  });

  it('warns before a deadline is missed and says when it was', async () => {
    start(['EOD-A', '', { sla: 'by 16:10 IST' }]);
    night.body('EOD-A', failing(1, new TransientFault('not there yet')));
    await night.run();
    const run = night.runner.states.newest(DATE, 'eod') ?? raise();
    expect(night.runner.deadline(run, 'EOD-A').risk).toBe('none');
    night.now += 595 * 1e6;
    expect(night.runner.deadline(run, 'EOD-A').risk).toBe('atRisk');
    night.now += 6 * 1e6;
    expect(night.runner.deadline(run, 'EOD-A').risk).toBe('breached');
  });

  it('leaves an audit pack that a changed byte betrays', async () => {
    start(['EOD-A', '']);
    await night.run();
    const lines = [...auditPack(night.runner.parts.store, night.runId)];
    expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual(['run', 'definition', 'instance', 'instance', 'sha256']);
    await night.restart();
    expect([...auditPack(night.runner.parts.store, night.runId)]).toEqual(lines);
  });
});
