// `tarazu replay --with`: a directory's clients under another SPAN file, and who breaks there.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAll, takeInbox } from '../../../batch/nodes/engine/engine-inbox.ts';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { askApi } from '../http/api-client.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken } from '../tokens.ts';

let house: SmallHouse;
let required = 0;
const bin = join(import.meta.dirname, '..', '..', '..', 'gateway', 'bin', 'tarazu.js');
const replay = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [bin, 'replay', '--data', join(house.folder, 'data'), ...args], { encoding: 'utf8', timeout: 60_000 });

beforeAll(async () => {
  house = await smallHouse();
  const gateway = await startHouse(house);
  const token = adminToken(join(house.folder, 'data'));
  const { symbol, lot, close } = house.future;
  const body = { account: 'RICH', exchange: 'NFO', symbol, side: 'BUY', quantity: lot * 2, price: close };
  const { data } = await askApi(gateway, 'POST', '/v1/orders', { token, body, key: 'replay-with' });
  required = data['requirement_after_paise'] as number;
  await gateway.stop();
});
afterAll(() => rmSync(house.folder, { recursive: true, force: true }));

interface Stood {
  readonly clients: readonly { readonly account: string; readonly before: number; readonly after: number; readonly available: number }[];
  readonly breaks: readonly string[];
}

describe('tarazu replay --with', () => {
  it("gives today's figures under today's file, and others under another", () => {
    const [first, second] = ['i1', 'i2'].map((version) => join(house.day, `nsccl.20261120.${version}.zip`));
    const same = replay('--day', house.day, '--with', first ?? '', '--json');
    expect(same.stderr).toBe('');
    const stood = JSON.parse(same.stdout) as Stood;
    expect(stood.clients).toEqual([{ account: 'RICH', available: expect.any(Number), before: required, after: required }]);
    const other = JSON.parse(replay('--day', house.day, '--with', second ?? '', '--json').stdout) as Stood;
    expect(other.clients[0]?.before).toBe(required);
    expect(other.clients[0]?.after).not.toBe(required);
    expect([same.status, stood.breaks]).toEqual([0, []]);
  });

  it('exits 3 when it did its work and somebody breaks: not as it does when it fails', async () => {
    const data = join(house.folder, 'data');
    const second = join(house.day, 'nsccl.20261120.i2.zip');
    const shown = (...args: string[]): Stood => JSON.parse(replay('--day', house.day, '--with', second, '--json', ...args).stdout) as Stood;
    const { after = 0, available = 0 } = shown().clients[0] ?? {};
    // A rupee less than the other file asks; its own file asks more or less than that, so that whoever stood before may break.
    const slot = (await readEngine(data)).clients.get('RICH')?.slot ?? -1;
    const take = (amount: number): object => ({ account: 'RICH', amount, reference: 'test' });
    await appendAll(data, [{ key: 'less', kind: 'CreditFunds', slot, body: take(after - 100 - available) }]);
    await takeInbox(data);
    const broken = replay('--day', house.day, '--with', second);
    expect([broken.status, broken.stderr]).toEqual([after - 100 >= required ? 3 : 0, '']);
    expect(broken.stdout).toMatch(after - 100 >= required ? /RICH +needs +1\.00 more/ : /0 break/);
    expect(replay('--day', house.day, '--with', 'nowhere.spn').status).toBe(1);
  });

  it('applies the rules of another date, says it in words, and asks for what it lacks', () => {
    const dated = replay('--day', house.day, '--rule-date', '2026-11-20');
    expect(dated.stdout).toMatch(/commands folded .*; 1 clients with margin, 0 change/);
    expect(replay('--with', 'x.spn').status).toBe(2);
    expect(replay('--day', house.day, '--rule-date', 'tomorrow').status).toBe(2);
  });
});
