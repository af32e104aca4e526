// Commands while another process serves the night: reached by a person's token, the same answers as without; the server's start, end and death. The server is
// always a process of its own; commands, which only ask it, run here.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand, type Said } from '../run-command.ts';
import { BatchProcess, batch } from './batch-process.ts';

const DATE = '2026-01-20';
const EOD = `${DATE}/eod/1`;
let data: string;
let server: BatchProcess;
let base: string;
const tokens = { asha: '', binod: '' };
const as = (who: 'asha' | 'binod', ...args: string[]): Promise<Said> => runCommand(...args, '--data', data, '--token', tokens[who]);

/** One after the other: what a command prints is caught for the whole process. */
async function inTurn(...wishes: readonly (readonly string[])[]): Promise<Said[]> {
  const said: Said[] = [];
  for (const wish of wishes) said.push(await as('asha', ...wish));
  return said;
}

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tarazu-night-'));
  server = new BatchProcess(['serve', '--data', data], { TARAZU_SCRIPT: 'EOD-TB-CD=fail,BOD-RMS-RELOAD=hang,TH-CW-START=slow' });
  base = (await server.says(/is served on (http:\/\/127\.0\.0\.1:\d+)/))[1] ?? '';
  expect(server.out).toContain('nobody may see it yet: tarazu-batch person add NAME');
});
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

it('needs a token, made while it serves, with the link that signs in', async () => {
  const refused = await batch(['status', '--date', DATE, '--data', data]);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toMatch(/is served on port \d+: give --token or TARAZU_TOKEN/);
  const added = await runCommand('person', 'add', 'asha', '--data', data);
  tokens.asha = added.out.trim();
  expect(added.err).toBe(`signs in: ${base}/#token=${tokens.asha}\n`);
  tokens.binod = (JSON.parse((await runCommand('person', 'add', 'binod', '--data', data, '--json')).out) as { token: string }).token;
  expect((await runCommand('status', '--date', DATE, '--data', data, '--token', 'x'.repeat(43))).err).toMatch(/this needs Authorization/);
  expect((await fetch(`${base}/`)).headers.get('content-type')).toBe('text/html; charset=utf-8');
});

it('runs there what is asked for here, and follows it', async () => {
  const th = await as('asha', 'run', 'th', '--date', DATE);
  expect(th).toMatchObject({ code: 0, err: '' });
  expect(th.out).toMatch(/^run 2026-01-20\/th\/1 is open\n/);
  expect(th.out).toMatch(/✓ TH-CW-FINAL_MARGIN +done/);
  const eod = await as('asha', 'run', 'eod', '--date', DATE, '--json');
  expect(eod.code).toBe(3);
  expect((JSON.parse(eod.out) as { queue: { key: string }[] }).queue.map(({ key }) => key)).toEqual(['EOD-TB-CD@CD']);
});

it('gives the same views', async () => {
  const [status, graph, explained, audit, diff, backfill] = await inTurn(
    ['status', '--date', DATE],
    ['graph', 'eod', '--date', DATE, '--svg'],
    ['explain', 'EOD-TB-CD@CD', '--date', DATE],
    ['audit', '--run', EOD],
    ['diff', EOD, EOD, '--json'],
    ['backfill', 'eod', '--from', '2026-01-19', '--to', DATE],
  );
  expect(status?.out).toMatch(/✗ EOD-TB-CD@CD +failed/);
  expect(graph?.out).toMatch(/^<svg /);
  expect(explained?.out).toMatch(/column TradQty: "x" is not a number/);
  expect(audit?.out.trimEnd().split('\n').at(-1)).toMatch(/^\{"sha256":/);
  expect(diff?.out).toBe('[]\n');
  expect(backfill?.out).toBe('2026-01-19 eod: not run\n2026-01-20 eod: not green\n');
  expect([status, graph, explained, audit, diff, backfill].map((ended) => ended?.code)).toEqual([0, 0, 0, 0, 0, 0]);
});

it('does acts in the token’s name, two persons for two', async () => {
  const on = ['EOD-TB-CD@CD', '--run', EOD];
  const why = ['--why', 'checked by phone'];
  const said = await inTurn(
    ['assign', ...on, '--owner', 'binod'],
    ['hold', 'EOD-READY', '--run', EOD, ...why],
    ['clear', 'EOD-RECON@CM', '--run', EOD, '--scope', 'one', ...why],
    ['start', 'EOD-READY', '--run', EOD, ...why],
    ['again', ...on, ...why],
    ['fail', ...on, ...why],
    ['explain-gate', ...on, ...why],
    ['correct', 'eod', '--date', DATE, '--roles', 'trades', ...why],
    ['withdraw', ...on, ...why],
  );
  expect(said.map(({ code, out, err }) => `${code} ${out}${err.replace(/^tarazu-batch \S+ /, '')}`.trimEnd())).toEqual([
    "0 EOD-TB-CD@CD is binod's",
    '0 EOD-READY is held: checked by phone',
    '0 cleared: EOD-RECON@CM',
    '1 EOD-READY starts by itself',
    '1 EOD-TB-CD@CD is failed: again is for inDoubt',
    '1 EOD-TB-CD@CD is failed: fail is for inDoubt',
    '1 EOD-TB-CD@CD is failed: explain is for gate',
    `1 no node of ${EOD} used trades`,
    '1 EOD-TB-CD@CD: nothing is proposed',
  ]);
  expect((await as('binod', 'release', 'EOD-READY', '--run', EOD, ...why, '--json')).out).toBe('{"said":"EOD-READY is released"}\n');
  expect((await as('asha', 'skip', ...on, '--why', 'no currency session')).out).toBe(
    'skip of EOD-TB-CD@CD is proposed by asha; another person has to approve\n',
  );
  const own = await as('asha', 'approve', ...on, '--by', 'binod');
  expect([own.code, own.err]).toEqual([1, 'tarazu-batch approve: EOD-TB-CD@CD: asha proposed this; another person has to approve\n']);
  expect((await as('binod', 'approve', ...on)).out).toBe('EOD-TB-CD@CD: approved by binod\n');
  expect((await as('asha', 'run', 'eod', '--date', DATE, '--watch')).code).toBe(0);
  expect((await as('asha', 'backfill', 'th', '--from', '2026-01-16', '--to', '2026-01-19', '--go')).out).toBe('open: 2026-01-16, 2026-01-19\n');
});

it('ends cleanly when told, and leaves no address behind', async () => {
  expect((await server.end('SIGTERM')).code).toBe(0);
  expect(existsSync(join(data, 'night/serving.json'))).toBe(false);
  const status = await runCommand('status', '--date', DATE, '--data', data);
  expect(status.out).toMatch(/2026-01-20\/eod\/1 {2}48 of 48, green/);
});

it('leaves nothing in the way when it is killed; the next one goes on', async () => {
  const env = { TARAZU_SCRIPT: 'BOD-RMS-RELOAD=hang' };
  server = new BatchProcess(['serve', '--data', data], env);
  await server.says(/is served on/);
  const follower = new BatchProcess(['run', 'bod', '--date', DATE, '--data', data], { TARAZU_TOKEN: tokens.asha });
  await server.says(/BOD-RMS-RELOAD +started/);
  await server.end('SIGKILL');
  expect(await follower.end()).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^tarazu-batch run: the night's server on port \d+ does not answer/),
  });
  expect(existsSync(join(data, 'night/serving.json'))).toBe(true);
  expect((await runCommand('status', '--date', DATE, '--data', data)).out).toMatch(/▶ BOD-RMS-RELOAD +running/);
  writeFileSync(join(data, 'go'), '');
  expect((await batch(['run', 'bod', '--date', DATE, '--data', data], env)).code).toBe(0);
});
