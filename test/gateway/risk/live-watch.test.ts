// Live SPAN of clients somebody looks at: rounds one at a time, resting three times as long as they took, those waiting longest first, and nobody forgotten but
// those no longer asked for.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveWatch } from '../../../gateway/risk/live-watch.ts';
import type { LiveFigures } from '../../../gateway/risk/preview-desk.ts';

const figures = (live: number): LiveFigures => ({ file: 'i2', as_of_file_paise: 1_000, live_paise: live, live_needs_paise: 0 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch whose rounds take `takes` ms; what it asked and whom it called changed. */
function watch(takes: number, liveOf: (account: string) => LiveFigures | null) {
  const asked: string[][] = [];
  const changed: string[] = [];
  const failures: unknown[] = [];
  const live = new LiveWatch({
    previews: {
      previewAll: async (accounts) => {
        asked.push([...accounts]);
        await new Promise((resolve) => setTimeout(resolve, takes));
        return new Map(accounts.map((account) => [account, liveOf(account)]));
      },
    },
    lastPrice: () => undefined,
    now: () => Date.now(),
    changed: (account) => changed.push(account),
    failed: (error) => failures.push(error),
  });
  return { live, asked, changed, failures };
}

it('works a client out once it is looked at, and says when its figures become others', async () => {
  let price = 1_200;
  const { live, asked, changed } = watch(10, () => figures(price));
  expect(live.of('A1')).toBeNull();
  await vi.advanceTimersByTimeAsync(20);
  expect(live.of('A1')).toEqual(figures(1_200));
  await vi.advanceTimersByTimeAsync(1_100);
  price = 1_300;
  await vi.advanceTimersByTimeAsync(1_100);
  expect(live.of('A1')?.live_paise).toBe(1_300);
  expect(asked.every((round) => round.length === 1)).toBe(true);
  expect(changed).toEqual(['A1', 'A1']);
});

it('rests three times as long as a round took, and never begins another before', async () => {
  const { live, asked } = watch(2_000, () => figures(1));
  for (let second = 0; second < 15; second++) {
    live.of('A1');
    await vi.advanceTimersByTimeAsync(1_000);
  }
  // 2 s of work and 6 s of rest a turn.
  expect(asked).toHaveLength(2);
});

it('takes 32 clients a round, those who wait longest first', async () => {
  const { live, asked } = watch(0, () => null);
  const accounts = Array.from({ length: 40 }, (_, n) => `C${n}`);
  for (const account of accounts) live.of(account);
  await vi.advanceTimersByTimeAsync(1_200);
  expect(asked.map((round) => round.length)).toEqual([32, 32]);
  expect(asked[1]?.slice(0, 8)).toEqual(accounts.slice(32));
});

it('forgets who is no longer looked at, and ends when nobody is', async () => {
  const { live, asked } = watch(0, () => figures(1));
  live.of('A1');
  await vi.advanceTimersByTimeAsync(120_000);
  const rounds = asked.length;
  expect(rounds).toBeLessThan(40);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toHaveLength(rounds);
  live.stop();
  live.of('A1');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(rounds);
});

it('goes on after a round that failed', async () => {
  let isBroken = true;
  const { live, failures } = watch(0, () => {
    if (isBroken) throw new Error('the pool is busy');
    return figures(7);
  });
  live.of('A1');
  await vi.advanceTimersByTimeAsync(100);
  expect(failures).toHaveLength(1);
  isBroken = false;
  await vi.advanceTimersByTimeAsync(1_500);
  expect(live.of('A1')).toEqual(figures(7));
});
