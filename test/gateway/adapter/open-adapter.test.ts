// Which server is taken, and what is said when the native one is not there.
import { expect, it } from 'vitest';
import { NodeHttpAdapter } from '../../../gateway/http/adapter/node-http-adapter.ts';
import { openAdapter } from '../../../gateway/http/adapter/open-adapter.ts';
import { UwsHttpAdapter } from '../../../gateway/http/adapter/uws-http-adapter.ts';

const warnings: string[] = [];
const log = {
  warn: (_: unknown, text?: string): void => {
    warnings.push(text ?? '');
  },
};
const absent = (): Promise<never> => Promise.reject(new Error('no build for this platform'));

it('takes the native server, or the twin by name', async () => {
  expect(await openAdapter('auto', log)).toBeInstanceOf(UwsHttpAdapter);
  expect(await openAdapter('uws', log)).toBeInstanceOf(UwsHttpAdapter);
  expect(await openAdapter('node', log, absent)).toBeInstanceOf(NodeHttpAdapter);
  expect(warnings).toEqual([]);
});

it('falls back by itself, and says so', async () => {
  expect(await openAdapter('auto', log, absent)).toBeInstanceOf(NodeHttpAdapter);
  expect(warnings.join()).toMatch(/does not load/);
});

it('does not fall back from what was asked for by name', async () => {
  await expect(openAdapter('uws', log, absent)).rejects.toThrow(/http\.server: .*no build for this platform/);
});
