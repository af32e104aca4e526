// Starting again over a data directory whose day is open: with its marker, without, from a directory of another name, with ports that are taken.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../gateway/index.ts';
import { diskImage, type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken } from '../tokens.ts';

let house: SmallHouse;
/** Clients, instruments and accounts as the first start had them. */
let first: Status;

interface Status {
  readonly ready: boolean;
  readonly accounts: number;
  readonly parameters: { readonly hash: string; readonly label: string };
}

async function statusOf(gateway: Gateway, data: string): Promise<Status> {
  const headers = { authorization: `Bearer ${adminToken(join(house.folder, data))}` };
  const { data: status } = (await (await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/status`, { headers })).json()) as { data: Status };
  const { ready, accounts, parameters } = status;
  return { ready, accounts, parameters };
}

beforeAll(async () => {
  house = await smallHouse();
  const gateway = await startHouse(house, 'loaded');
  first = await statusOf(gateway, 'loaded');
  await gateway.stop();
  cpSync(house.day, join(house.folder, 'renamed'), { recursive: true });
});
afterAll(() => rmSync(house.folder, { recursive: true, force: true }));

describe('a data directory whose day is open', () => {
  const elsewhere = (): object => ({ day: join(house.folder, 'renamed') });
  const marked = ['journal', 'parameters', 'sessions', 'days'];
  const unmarked = ['journal', 'parameters', 'sessions'];

  it.each<[string, readonly string[], () => object, object]>([
    ['goes on', marked, () => ({}), { wasLoaded: true }],
    ['goes on when its marker is gone: what a slot has is not done twice', unmarked, () => ({}), { wasLoaded: false, refused: 0 }],
    ['goes on from a day directory of another name', marked, elsewhere, { wasLoaded: true }],
  ])('%s', async (name, parts, more, load) => {
    diskImage(house, 'loaded', name, parts);
    const gateway = await startHouse(house, name, more());
    expect(gateway.day).toMatchObject({ businessDate: 20261120, clients: 7, ...load });
    // The parameter file keeps its name over a restart.
    expect(await statusOf(gateway, name)).toEqual(first);
    expect(first.parameters.label).toBe('nsccl.20261120.i1.zip');
    await gateway.stop();
  });

  it('says what to do when neither marker nor directory is known', async () => {
    diskImage(house, 'loaded', 'stranger', unmarked);
    await expect(startHouse(house, 'stranger', elsewhere())).rejects.toThrow(/20261120 is open already.*name the directory it was opened from, or/);
  });
});

it('a port that is taken is named as the configuration names it', async () => {
  const gateway = await startHouse(house, 'loaded');
  const sessions = [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }];
  await expect(startHouse(house, 'second', { fix: { SocketAcceptPort: gateway.fixPort, sessions } })).rejects.toThrow(
    `fix.SocketAcceptPort: listen EADDRINUSE: address already in use 127.0.0.1:${gateway.fixPort}`,
  );
  await expect(startHouse(house, 'second', { http: { port: gateway.httpPort } })).rejects.toThrow(/^http\.port: .*another program has this port$/);
  await gateway.stop();
});
