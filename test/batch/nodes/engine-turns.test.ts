// Readers of the engine's tables and the shards a night hosts take turns: readers together, a host alone, and no host waits for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { whileHosting, whileReading } from '../../../batch/nodes/engine/engine-turns.ts';

it('lets readers in together, a host alone and before those who come after it', async () => {
  const seen: string[] = [];
  const work = (name: string, millis: number) => async (): Promise<void> => {
    seen.push(`${name} in`);
    await sleep(millis);
    seen.push(`${name} out`);
  };
  const all = [
    whileReading('d', work('r1', 20)),
    whileReading('d', work('r2', 40)),
    whileHosting('d', work('h1', 5)),
    whileReading('d', work('r3', 1)),
  ];
  await Promise.all(all);
  expect(seen).toEqual(['r1 in', 'r2 in', 'r1 out', 'r2 out', 'h1 in', 'h1 out', 'r3 in', 'r3 out']);
});

it('keeps two hosts apart, directories not, and survives work that fails', async () => {
  let hosts = 0;
  const host = async (): Promise<void> => {
    hosts += 1;
    expect(hosts).toBe(1);
    await sleep(2);
    hosts -= 1;
  };
  const failing = whileReading('e', () => Promise.reject(new Error('no tables')));
  await expect(failing).rejects.toThrow('no tables');
  await Promise.all([whileHosting('e', host), whileHosting('e', host), whileReading('e', async () => expect(hosts).toBe(0))]);
  let isReading = false;
  await whileHosting('e', () =>
    whileReading('f', async () => {
      isReading = true;
    }),
  );
  expect(isReading).toBe(true);
});
