// A broker small enough to read: one generated day with four instruments picked from it and seven clients, and a gateway over it in this process.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstrumentKind, type ParameterTable } from '../../engine/index.ts';
import { type Gateway, newLogger, parseConfig, startGateway } from '../../gateway/index.ts';
import { findDayFiles, generateDay, loadRiskParameters, parameterFilesOf } from '../../workers/reference/index.ts';

/** An instrument a test trades. Prices in rupees. */
export interface Traded {
  readonly symbol: string;
  readonly exchange: string;
  readonly token: number;
  readonly lot: number;
  readonly close: number;
  readonly tick: number;
  readonly low: number;
  readonly high: number;
  readonly freeze: number;
}

/** The day and what tests need to know of it. */
export interface SmallHouse {
  readonly folder: string;
  readonly day: string;
  readonly table: ParameterTable;
  readonly share: Traded;
  readonly future: Traded;
  readonly call: Traded;
}

const LAKH = 100 * 100_000;
const CRORE = 100 * LAKH;
const client = (account: string, riskGroup: string, more: object = {}): object => ({
  account,
  riskGroup,
  status: 'ACTIVE',
  kind: 'CLIENT',
  segments: [1, 2],
  cash: 10 * CRORE,
  cashEquivalent: 0,
  nonCash: 0,
  holdings: [],
  positions: [],
  limits: {},
  ...more,
});

interface GeneratedDay {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly table: ParameterTable;
}
let generated: Promise<GeneratedDay> | undefined;

/** The day's files and what is read from them, made once in a process. */
async function generate(): Promise<GeneratedDay> {
  const day = mkdtempSync(join(tmpdir(), 'tarazu-day-'));
  try {
    await generateDay({ seed: 11, date: 20261120, clients: 2, underlyings: 6, strikes: 5, versions: 2 }, day);
    const table = await loadRiskParameters(parameterFilesOf(findDayFiles(day)));
    return { table, files: new Map(readdirSync(day).map((name) => [name, readFileSync(join(day, name))])) };
  } finally {
    rmSync(day, { recursive: true, force: true });
  }
}

/** A day of its own and its clients: RICH, POOR, FROZEN, CASHONLY (no derivatives), SMALL (limits), REDUCE (reduce-only), SELLER (holds 100 shares). */
export async function smallHouse(): Promise<SmallHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-house-'));
  const day = join(folder, 'day');
  generated ??= generate();
  const { files, table } = await generated;
  mkdirSync(day);
  for (const [name, bytes] of files) writeFileSync(join(day, name), bytes);
  const share = pick(table, InstrumentKind.EQ);
  const clients = [
    client('RICH', 'g1'),
    client('POOR', 'g2', { cash: 500_000 }),
    client('FROZEN', 'g3', { status: 'FROZEN' }),
    client('CASHONLY', 'g4', { segments: [1] }),
    client('SMALL', 'g5', { limits: { maxOrderQuantity: 50, maxOpenOrders: 2 } }),
    client('REDUCE', 'g6', { status: 'REDUCE_ONLY' }),
    client('SELLER', 'g7', { cash: 0, holdings: [{ segment: 1, token: share.token, free: 100, pledged: 0, t1: 0 }] }),
  ];
  writeFileSync(join(day, 'clients.jsonl'), `${clients.map((each) => JSON.stringify(each)).join('\n')}\n`);
  return { folder, day, table, share, future: pick(table, InstrumentKind.FUT), call: pick(table, InstrumentKind.CE) };
}

/** Gives a client of a house that has not started lots of the share bought with funding (MTF): 40 units, Rs 40,000 paid, Rs 30,000 of it lent. */
export function fundLots(
  { day, share }: SmallHouse,
  account: string,
  lots: readonly { readonly boughtOn: number; readonly pledged: number }[],
): void {
  const file = join(day, 'clients.jsonl');
  const lot = { segment: 1, token: share.token, units: 40, cost: 4_000_000, funded: 3_000_000 };
  const funded = (line: string): string => {
    const client = line === '' ? { account: '' } : (JSON.parse(line) as { account: string });
    return client.account === account ? JSON.stringify({ ...client, fundedLots: lots.map((each) => ({ ...lot, ...each })) }) : line;
  };
  writeFileSync(file, readFileSync(file, 'utf8').split('\n').map(funded).join('\n'));
}

function pick(table: ParameterTable, kind: number): Traded {
  for (let row = 0; row < table.instruments; row++) {
    const rupees = (column: Float64Array): number => (column[row] ?? 0) / 10_000;
    const isDear = rupees(table.previousClose) > 20;
    if (table.kind[row] !== kind || !isDear || table.flags[row] !== 0) continue;
    return {
      symbol: table.instrumentName(row),
      exchange: table.segment[row] === 1 ? 'NSE' : 'NFO',
      token: table.token[row] ?? 0,
      lot: table.lot[row] ?? 0,
      close: rupees(table.previousClose),
      tick: rupees(table.tickSize),
      low: rupees(table.bandLow),
      high: rupees(table.bandHigh),
      freeze: table.freezeQuantity[row] ?? 0,
    };
  }
  throw new Error(`the generated day has no instrument of kind ${kind}`);
}

/** Starts the gateway of a house; `data` names its data directory inside the folder. */
export function startHouse(house: SmallHouse, data = 'data', more: object = {}): Promise<Gateway> {
  const config = {
    dataDirectory: join(house.folder, data),
    day: house.day,
    fix: {
      SocketAcceptPort: 0,
      sessions: [
        { SenderCompID: 'TARAZU', TargetCompID: 'OMS' },
        { SenderCompID: 'TARAZU', TargetCompID: 'OTHER' },
      ],
    },
    http: { port: 0 },
    ...more,
  };
  return startGateway(parseConfig(config), newLogger('silent'));
}

/** What is on disk now, as kill -9 would leave it: a copy to start another gateway from. */
export function diskImage(
  house: SmallHouse,
  from: string,
  to: string,
  parts: readonly string[] = ['journal', 'parameters', 'sessions', 'days', 'token'],
): void {
  for (const part of parts) {
    rmSync(join(house.folder, to, part), { recursive: true, force: true });
    cpSync(join(house.folder, from, part), join(house.folder, to, part), { recursive: true });
  }
}
