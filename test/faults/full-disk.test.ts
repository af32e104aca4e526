// A disk that fills up in the middle of a batch, played by the largest file a process may write (no mount, no root): the gateway stops and says where; given
// room it goes on, the journal is whole, and every order has its verdict once.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../bench/gateway-process.ts';
import { readJournalFacts } from '../crash/journal-facts.ts';
import { OmsClient, OmsMemory } from '../gateway/oms-client.ts';
import { newOrder } from '../gateway/order-messages.ts';
import { removeHouse, type SmallHouse, smallHouse } from './house.ts';

const COMMAND_LINE = join(import.meta.dirname, '..', '..', 'gateway', 'commands', 'index.ts');
const ORDERS_MAX = 20_000;
/** Blocks of 1,024 bytes: above the tables of the small day, below what the orders write. */
const FILE_BLOCKS = 2_048;

let house: SmallHouse;
const children: ChildProcess[] = [];

beforeAll(async () => {
  house = await smallHouse();
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  removeHouse(house);
});

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

async function start(config: string, limited: boolean): Promise<Started> {
  const limit = limited ? `ulimit -f ${FILE_BLOCKS}; ` : '';
  const child = spawn('bash', ['-c', `${limit}exec "$0" "$@"`, process.execPath, COMMAND_LINE, 'run', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const up = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('tarazu is up')) resolve();
      });
  });
  await Promise.race([up, ended]);
  return { child, ended, output: () => output };
}

describe('a full disk', () => {
  it('stops the gateway with file, place and reason; with room again nothing is lost or doubled', async () => {
    const port = await freePort();
    const config = join(house.folder, 'tarazu.json');
    const sessions = [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }];
    const settings = { dataDirectory: 'data', day: house.day, fix: { SocketAcceptPort: port, sessions }, http: { port: 0 }, log: { level: 'warn' } };
    writeFileSync(config, JSON.stringify(settings));
    const memory = new OmsMemory();

    const full = await start(config, true);
    const before = await OmsClient.logon(port, memory);
    let orders = 0;
    while (!before.closed && orders < ORDERS_MAX) {
      for (let i = 0; i < 100; i++) {
        orders += 1;
        before.send('D', newOrder(`F${orders}`, house.share, { quantity: 1 }));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await full.ended).toBe(70);
    expect(full.output()).toMatch(/stopping: journal: cannot write .*\.tzj at byte \d+: E(FBIG|NOSPC)/);

    const roomy = await start(config, false);
    const after = await OmsClient.logon(port, memory);
    await after.quiet();
    await after.until(() => memory.reports.length >= orders, `all ${orders} verdicts`);
    roomy.child.kill('SIGTERM');
    expect(await roomy.ended, roomy.output()).toBe(0);

    const answered = memory.reports.map((report) => report.get(11));
    expect(new Set(answered).size).toBe(orders);
    expect(answered).toHaveLength(orders);
    const facts = await readJournalFacts(join(house.folder, 'data'));
    expect(facts.differences).toEqual([]);
    expect([...facts.verdicts.values()].filter((verdicts) => verdicts.length !== 1)).toEqual([]);
    for (const [slot, hash] of facts.folded) expect(facts.restored.get(slot), `slot ${slot}`).toBe(hash);
  });
});
