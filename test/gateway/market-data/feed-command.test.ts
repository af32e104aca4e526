// `tarazu feed`: wrong words are told the usage; right ones serve a day for as long as asked.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommandLine } from '../../../gateway/commands/index.ts';
import type { Tick } from '../../../gateway/market-data/market-data-port.ts';
import { TickerSource } from '../../../gateway/market-data/ticker/ticker-source.ts';
import { type SmallHouse, smallHouse } from '../small-house.ts';

let house: SmallHouse;
beforeAll(async () => {
  house = await smallHouse();
});
afterAll(() => rmSync(house.folder, { recursive: true, force: true }));

/** Runs a command line and collects what it prints. */
async function printed(args: readonly string[], meanwhile?: (text: string) => void): Promise<{ code: number; text: string }> {
  let text = '';
  const [out, error] = [process.stdout.write, process.stderr.write];
  process.stdout.write = process.stderr.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    meanwhile?.(text);
    return true;
  };
  try {
    return { code: await runCommandLine(args), text };
  } finally {
    process.stdout.write = out;
    process.stderr.write = error;
  }
}

it.each([
  [[]],
  [['--generate']],
  [['--day', 'x']],
  [['--generate', '--day', 'x', '--port', '70000']],
  [['--generate', '--day', 'x', '--interval', '1']],
])('tells the usage to %j', async (args) => {
  const { code, text } = await printed(['feed', ...args]);
  expect(code).toBe(2);
  expect(text).toContain('usage: tarazu feed');
});

it('serves the instruments of a day', async () => {
  const ticks = new Map<number, number>();
  let source: TickerSource | undefined;
  const { code, text } = await printed(['feed', '--generate', '--day', house.day, '--port', '0', '--interval', '20', '--seconds', '0.6'], (soFar) => {
    const url = /ws:\/\/[\d.]+:\d+/.exec(soFar)?.[0];
    if (url === undefined || source !== undefined) return;
    source = new TickerSource({ url, mode: 'full', retryMs: 10, retryMaxMs: 20, silenceMs: 5_000 });
    source.want([house.share, house.call].map(({ exchange, token }) => ({ segment: exchange === 'NSE' ? 1 : 2, token })));
    source.start({
      tick: (tick: Tick) => void ticks.set(tick.token, tick.price),
      news: () => undefined,
      fault: (problem) => expect(problem).toBe(''),
    });
  });
  await source?.stop();
  expect(code).toBe(0);
  expect(text).toMatch(/feed of \d+ instruments at ws:\/\/127\.0\.0\.1:\d+, seed 7/);
  expect([...ticks.keys()].sort()).toEqual([house.share.token, house.call.token].sort());
  const share = (ticks.get(house.share.token) ?? 0) / 10_000;
  expect(share).toBeGreaterThanOrEqual(house.share.low);
  expect(share).toBeLessThanOrEqual(house.share.high);
});
