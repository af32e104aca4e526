// A begin of day of a member of NSE and BSE, from the sandbox to the open engine, with real processes: `tarazu-batch sandbox` on loopback,
// `tarazu-batch run bod`, then trading hours. The engine's books are compared with the sandbox's files; a second run of the same phase sends nothing.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NightView } from '../../../batch/night/night-view.ts';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { ExchangeSegment, type ParameterTable } from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { loadTable } from '../../../workers/reference/index.ts';
import { DATE, makeDay } from './practice.ts';

const BATCH = new URL('../../../batch/main.ts', import.meta.url).pathname;
/** Whose collateral is in pieces. */
let pledgedBy = '';
let day = '';
let data = '';
let sandbox: ChildProcess | undefined;
const batch = (...args: string[]): { code: number | null; view: NightView } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BATCH, ...args, '--data', data, '--json'], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return { code: status, view: JSON.parse(stdout) as NightView };
};

beforeAll(async () => {
  day = await makeDay({ bse: true });
  data = mkdtempSync(join(tmpdir(), 'green-'));
  const portFile = join(data, 'port.json');
  sandbox = spawn(process.execPath, [BATCH, 'sandbox', '--data', data, '--day', day, '--port-file', portFile], { stdio: 'ignore' });
  while (!existsSync(portFile)) await new Promise((resolve) => setTimeout(resolve, 50));
  withPieces(join(data, 'clients.jsonl'));
  writeFileSync(join(data, 'house.json'), JSON.stringify({ memberships: ['BSE', 'BFO'] }));
  writeFileSync(join(data, 'cross_margin.csv'), 'Set,Family,Index,Leg,Type,Units\npair,CORRELATED,NIFTY,BANKNIFTY,FUT,0.5\n');
});

/** Collateral of one client in pieces: a deposit, and shares as the depository has them pledged. */
function withPieces(path: string): void {
  const clients = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { account: string; holdings: readonly { pledged: number }[] });
  pledgedBy = clients.find(({ holdings }) => holdings.some(({ pledged }) => pledged > 0))?.account ?? '';
  const lines = clients.map((client) =>
    client.account === pledgedBy ? { ...client, pieces: [{ kind: 'FDR', key: 'FD-1', quantity: 5_000_000 }] } : client,
  );
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}
afterAll(async () => {
  const ended = new Promise((resolve) => sandbox?.once('exit', resolve));
  sandbox?.kill('SIGTERM');
  await ended;
  for (const directory of [day, data]) rmSync(directory, { recursive: true, force: true });
});

it('is green, opens the engine with the depository’s units, and sends nothing twice', async () => {
  const first = batch('run', 'bod', '--date', DATE);
  expect(first.view.queue).toEqual([]);
  expect(first.code).toBe(0);
  const engine = await readEngine(data);
  expect(engine.slots.filter(({ isOpen, businessDate }) => isOpen && businessDate === 20261120).length).toBe(256);
  expect(new Set(engine.slots.map(({ parametersHash }) => parametersHash)).size).toBe(1);
  const pledges = readFileSync(keptFile('pledge-status', 'pledge_status_20112026.csv'), 'utf8').trimEnd().split('\n').slice(1);
  const ours = [...engine.clients.values()].flatMap(({ account, holdings }) =>
    holdings
      .filter(({ free, pledged, t1 }) => free + pledged + t1 > 0)
      .map(({ token, free, pledged, t1 }) => [account, token, free, pledged, t1, 0].join(',')),
  );
  const theirs = pledges.map((line) =>
    line
      .split(',')
      .filter((_, at) => at !== 1)
      .join(','),
  );
  expect(ours.sort()).toEqual(theirs.sort());
  expect(engine.clients.get('C000024')?.status).toBe('FROZEN');
  const approved = readFileSync(keptFile('approved-securities', 'approved_securities_20261120.csv'), 'utf8').trimEnd().split('\n');
  expect(engine.slots.filter(({ approved: { rows, date } }) => rows === approved.length - 1 && date === 20261120).length).toBe(256);
  const pledged = pledges.map((line) => line.split(',')).filter(([account, , , , units]) => account === pledgedBy && units !== '0');
  const pledger = engine.clients.get(pledgedBy);
  expect(pledged.length).toBeGreaterThan(0);
  expect(pledger?.pledges?.map(({ isin, units }) => [pledgedBy, isin, units]).sort()).toEqual(
    pledged.map(([account, isin, , , units]) => [account, isin, Number(units)]).sort(),
  );
  expect(pledger?.nonCash).toBeGreaterThan(0);
  const table = loadTable(parametersDirectory(data), engine.slots[0]?.parametersHash ?? '');
  expect(bandsInForce(table)).toEqual({ '10': 'within 10 %', '20': 'within 20 %', 'No Band': 'within 20 %' });
  const { details } = table;
  expect(details.crossMargin).toEqual([{ family: 'correlated', index: 'NIFTY', legs: [{ symbol: 'BANKNIFTY', kind: 'FUT', units: 0.5 }] }]);
  const hours = batch('run', 'th', '--date', DATE);
  expect(hours.view.queue).toEqual([]);
  expect(hours.code).toBe(0);
  const instructions = await askSandbox('/exchange/instructions');
  expect(instructions.map(({ request }) => request['kind']).sort()).toEqual(['block-deals', 'block-deals', 'technical-glitch']);
  expect(batch('run', 'bod', '--date', DATE).code).toBe(0);
  expect(await askSandbox('/exchange/instructions')).toEqual(instructions);
});

/** By band of BSE's list, where the engine's table lets orders for its shares stand, taken of yesterday's close; ticks inwards are not told apart. */
function bandsInForce(table: ParameterTable): Record<string, string> {
  const rows = readFileSync(keptFile('price-bands-bse', 'bse_price_bands_20112026.csv'), 'utf8').trimEnd().split('\n').slice(1);
  return Object.fromEntries(
    rows.map((line) => {
      const [code, , band = ''] = line.split(',');
      const row = table.find(ExchangeSegment.BSE, Number(code));
      const [low = 0, high = 0, close = 0] = [table.bandLow[row], table.bandHigh[row], table.previousClose[row]];
      const percent = [10, 20].find(
        (each) => Math.abs(high - (close * (100 + each)) / 100) <= 500 && Math.abs(low - (close * (100 - each)) / 100) <= 500,
      );
      return [band, `within ${percent} %`];
    }),
  );
}

function keptFile(role: string, name: string): string {
  const { stdout } = spawnSync('find', [join(data, 'night', 'files', role), '-name', name], { encoding: 'utf8' });
  return stdout.trim();
}

async function askSandbox(path: string): Promise<{ readonly request: Readonly<Record<string, unknown>> }[]> {
  const { base } = JSON.parse(readFileSync(join(data, 'port.json'), 'utf8')) as { base: string };
  const token = readFileSync(join(data, 'secrets', 'http-token'), 'utf8').trim();
  const response = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return (await response.json()) as { readonly request: Readonly<Record<string, unknown>> }[];
}
