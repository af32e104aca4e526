// The command line as a shell sees it: output, exit codes, and the shim under an older Node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { COMMANDS, runCommandLine } from '../../../gateway/commands/index.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient } from '../oms-client.ts';
import { newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';

const SHIM = new URL('../../../gateway/bin/tarazu.js', import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function tarazu(args: readonly string[], node: string = process.execPath, env: Record<string, string> = {}): Ended {
  const { status, stdout, stderr } = spawnSync(node, [SHIM, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
  return { code: status, out: stdout, err: stderr };
}

/** The same without a process of its own: exit code and what was printed. */
async function inProcess(args: readonly string[]): Promise<Ended> {
  const printed = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.err += String(text);
    return true;
  });
  try {
    const code = await runCommandLine(args);
    return { code, ...printed };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

/** A Node on this machine that cannot run TypeScript by itself. */
function olderNode(): string | undefined {
  const candidates = ['/usr/bin', '/usr/local/bin', ...(process.env['PATH'] ?? '').split(delimiter)].map((path) => join(path, 'node'));
  return candidates
    .filter((path) => existsSync(path))
    .find((path) => /^v(1[6-9]|2[01])\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout));
}

const strangers: string[] = [];
afterAll(() => {
  for (const folder of strangers) rmSync(folder, { recursive: true, force: true });
});

/** A configuration whose gateway never ran. */
function strangerConfig(dataDirectory = 'nowhere'): string {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-stranger-'));
  strangers.push(folder);
  const config = { dataDirectory, fix: { SocketAcceptPort: 0, sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }] }, http: { port: 0 } };
  writeFileSync(join(folder, 'tarazu.json'), JSON.stringify(config));
  return join(folder, 'tarazu.json');
}

describe('tarazu', () => {
  it('says its version and Node’s', () => {
    expect(tarazu(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^tarazu \d+\.\d+\.\d+ \(Node v\d+\.\d+\.\d+\)\n$/), err: '' });
  });

  it('lists its commands when it does not know one', async () => {
    const { code, err } = await inProcess(['frobnicate']);
    expect(code).toBe(2);
    expect(err).toContain('unknown command "frobnicate"');
    for (const name of Object.keys(COMMANDS)) expect(err).toContain(`  ${name} `);
  });

  it('loads every command it lists, and tells every option of each when asked', async () => {
    for (const [name, { load, summary }] of Object.entries(COMMANDS)) {
      expect((await load()).run).toBeTypeOf('function');
      const { code, out } = await inProcess([name, '--help']);
      expect(code).toBe(0);
      expect(out.startsWith(`tarazu ${name}: ${summary}\nusage: tarazu ${name}`)).toBe(true);
      const source = readFileSync(new URL(`../../../gateway/commands/${name}.ts`, import.meta.url), 'utf8');
      for (const [, option] of source.matchAll(/'?([a-z][a-z-]*)'?: \{ type: '(?:string|boolean)'/g)) expect(out).toContain(`--${option}`);
    }
  });

  it.each([
    [['run', '--config', '/nowhere/tarazu.json'], 1, /\/nowhere\/tarazu.json: cannot be read/],
    [['run', '--cofnig', 'x'], 2, /cofnig/],
    [['explain', '--order', '17'], 2, /SLOT-SEQUENCE/],
    [['explain', '--order', '17-1', '--data', '/nowhere'], 1, /no data directory \/nowhere/],
    [['kill', '--firm'], 2, /--reason/],
    [['load-day'], 2, /--dir/],
    [['generate', 'day', '--date', '2026-13-40', '--out', '/proc/nope'], 2, /--date 2026-13-40: expected a day, YYYY-MM-DD/],
    [['replay', '--data', '/nowhere', '--day', '/nowhere', '--rule-date', '2026-02-30'], 2, /a date is YYYY-MM-DD/],
    [['generate', 'day', '--seed', '7', '--date', '2026-11-20', '--out', '/proc/nope'], 1, /\/proc\/nope: the directory cannot be made/],
    [['kill', '--firm', '--reason', 'drill', '--config', strangerConfig()], 1, /nowhere\/token: no token can be read \(ENOENT\)/],
    [['run', '--config', strangerConfig('/proc/nope')], 1, /\/proc\/nope: the directory cannot be made \(ENOENT\)/],
  ])('%j ends with %i and one clear line', async (args, code, message) => {
    const ended = await inProcess(args);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(message);
    expect(ended.err).not.toContain('    at ');
  });

  const older = olderNode();
  it.skipIf(older === undefined)(`hands over to the pinned Node under an older one (${older ?? 'none on this machine'})`, () => {
    expect(tarazu(['version'], older, { NODE_OPTIONS: '' }).out).toMatch(/\(Node v2[2-9]\./);
    expect(tarazu(['frobnicate'], older, { NODE_OPTIONS: '' }).code).toBe(2);
  });
});

describe('beside a running gateway', () => {
  let house: SmallHouse;
  let gateway: Gateway;
  let oms: OmsClient;
  beforeAll(async () => {
    house = await smallHouse();
    gateway = await startHouse(house);
    oms = await OmsClient.logon(gateway.fixPort);
  });
  afterAll(async () => {
    oms?.drop();
    await gateway?.stop();
    rmSync(house.folder, { recursive: true, force: true });
  });

  it('explains a rejected order to a person and to a program', async () => {
    oms.send('D', newOrder('e1', house.future, { account: 'POOR' }));
    const verdict = await oms.report('e1');
    const order = String(verdict.get(17)).replace(':', '-');
    const data = join(house.folder, 'data');
    const { code, out } = await inProcess(['explain', '--order', order, '--data', data]);
    expect(code).toBe(0);
    expect(out).toContain(`PlaceOrder ${order}: insufficientMargin (26): Margin is not sufficient`);
    expect(out).toMatch(/needs Rs [\d,.]+ more/);
    expect(out).toMatch(/FAIL {2}insufficientMargin/);
    expect(out).toContain('nsccl.20261120.i1.zip');
    expect(out).toContain('the journal says the same');
    expect(JSON.parse((await inProcess(['explain', '--order', order, '--data', data, '--json'])).out)).toMatchObject({
      orderId: order,
      code: 26,
      agrees: true,
    });
  });

  it('says so when a gateway has the data directory', async () => {
    const ended = await inProcess(['load-day', '--dir', house.day, '--config', writeConfig(house, gateway)]);
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/is in use by process \d+/);
  });

  it('shows its status, engages and releases kill switches, swaps parameters', async () => {
    const config = ['--config', writeConfig(house, gateway)];
    expect((await inProcess(['status', ...config])).out).toMatch(/^ready, business day 20261120\nkill switch {2}firm released\naccounts/);
    expect(await inProcess(['kill', '--account', 'RICH', '--reason', 'test run', ...config])).toMatchObject({
      code: 0,
      out: 'kill switch engaged: RICH\n',
    });
    oms.send('D', newOrder('e2', house.share));
    expect((await oms.report('e2')).get(10100)).toBe('5');
    await inProcess(['segment', '--reduce-only', 'NFO', '--reason', 'test run', ...config]);
    expect((await inProcess(['status', ...config])).out).toMatch(/kill switch {2}firm released, accounts RICH kill\w+\nsegment {6}NFO REDUCE_ONLY\n/);
    const asked = await inProcess(['kill', '--account', 'RICH', '--reason', 'test over', '--release', ...config]);
    const id = /--approve ([0-9a-f]+)/.exec(asked.out)?.[1] ?? '';
    expect(await inProcess(['kill', '--approve', id, ...config])).toMatchObject({ code: 1, err: expect.stringContaining('another person') });
    const second = join(house.folder, 'second.token');
    expect((await inProcess(['token', '--role', 'desk', '--subject', 'asha', '--out', second, ...config])).code).toBe(0);
    expect((await inProcess(['kill', '--approve', id, '--token-file', second, ...config])).out).toBe(
      'kill switch released: RICH, by admin-token and asha\n',
    );
    expect(await inProcess(['kill', '--account', 'NOBODY', '--reason', 'test run', ...config])).toMatchObject({
      code: 1,
      err: expect.stringContaining('not known'),
    });
    expect((await inProcess(['load-day', '--span', join(house.day, 'nsccl.20261120.i2.zip'), ...config])).out).toMatch(
      /parameters in force: \d+ instruments/,
    );
    expect((await inProcess(['status', ...config])).out).toContain('nsccl.20261120.i2.zip');
  });

  it('closes the day: open orders expire, new ones are refused, a second close says why not', async () => {
    const config = ['--config', writeConfig(house, gateway)];
    oms.send('D', newOrder('e3', house.share));
    await oms.report('e3');
    expect(await inProcess(['close-day', ...config])).toMatchObject({ code: 0, out: 'business day 20261120 is closed\n' });
    expect((await oms.report('e3', 2)).get(150)).toBe('C');
    oms.send('D', newOrder('e4', house.share));
    expect((await oms.report('e4')).get(10100)).toBe('1');
    expect(await inProcess(['close-day', ...config])).toMatchObject({ code: 1, err: expect.stringContaining('not open') });
    expect((await inProcess(['status', ...config])).code).toBe(1);
  });
});

function writeConfig(house: SmallHouse, gateway: Gateway): string {
  const file = join(mkdtempSync(join(house.folder, 'c-')), 'tarazu.json');
  const fix = { sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }] };
  writeFileSync(file, JSON.stringify({ dataDirectory: join(house.folder, 'data'), fix, http: { port: gateway.httpPort } }));
  return file;
}
