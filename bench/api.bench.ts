// The API as a client meets it: a real gateway process with token, rate limiter, schema and envelope, asked for a client's margin and for a what-if,
// over both servers; beside it a bare uWebSockets.js route that answers with as many bytes. Highest rate, then latency at a planned rate.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { issueToken } from '../gateway/http/auth/issue-token.ts';
import { keyPath } from '../gateway/http/auth/key-file.ts';
import type { Bench, BenchResult, Measure, Series, Size, Target } from './bench.ts';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { AskedProcess } from './load/asked-process.ts';
import type { BareAnswer, BareTask } from './load/bare-http-server.ts';
import type { HttpPhase, HttpResult } from './load/http-client.ts';
import { configurationHash } from './machine.ts';
import { type MarketDay, marketDay, tradingAccounts } from './market-day.ts';
import { outFolder } from './out-folder.ts';

const CONNECTIONS = 32;
const ACCOUNTS = 256;
const UNLIMITED = { perSecond: 0, burst: 1 };
/** A client's margin should come at this part of the bare route's rate at least. */
const RATE_RATIO = 0.05;

interface Plan {
  readonly seconds: number;
  readonly perSecond: number;
}
const PLANS: Readonly<Record<Size, Plan>> = { smoke: { seconds: 0.08, perSecond: 500 }, real: { seconds: 4, perSecond: 1_000 } };

interface Question {
  readonly label: string;
  readonly requests: readonly string[];
}

function questions(day: MarketDay, token: string): Question[] {
  const accounts = tradingAccounts(day).slice(0, ACCOUNTS);
  const { table } = day;
  const rows = Array.from({ length: table.instruments }, (_, row) => row).filter(
    (row) => table.segment[row] === 2 && (table.previousClose[row] ?? 0) > 20_000,
  );
  const head = `Host: bench\r\nAuthorization: Bearer ${token}\r\n`;
  const margin = accounts.map((account) => `GET /v1/clients/${account}/margin HTTP/1.1\r\n${head}\r\n`);
  const whatIf = accounts.map((account, i) => {
    const row = rows[(i * 7_919) % rows.length] ?? 0;
    const body = JSON.stringify({
      account,
      exchange: 'NFO',
      symbol: table.instrumentName(row),
      side: i % 2 === 0 ? 'BUY' : 'SELL',
      quantity: table.lot[row] ?? 1,
      price: (table.previousClose[row] ?? 0) / 10_000,
    });
    return `POST /v1/orders/what-if HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  });
  return [
    { label: 'GET margin', requests: margin },
    { label: 'POST what-if', requests: whatIf },
  ];
}

interface Asked {
  readonly highest: HttpResult;
  readonly planned: HttpResult;
}

async function ask(
  client: AskedProcess<HttpPhase, HttpResult>,
  port: number,
  requests: readonly string[],
  { seconds, perSecond }: Plan,
): Promise<Asked> {
  const phase = { port, connections: CONNECTIONS, requests };
  // The first is for the compiler.
  await client.ask({ ...phase, seconds: seconds / 4, perSecond: 0 });
  const highest = await client.ask({ ...phase, seconds, perSecond: 0 });
  return { highest, planned: await client.ask({ ...phase, seconds, perSecond }) };
}

async function beside(client: AskedProcess<HttpPhase, HttpResult>, question: Question, bytes: number, plan: Plan): Promise<Asked> {
  const bare = new AskedProcess<BareTask, BareAnswer>(new URL('load/bare-http-server.ts', import.meta.url));
  try {
    const { port } = await bare.ask({ bytes });
    return await ask(client, port, question.requests, plan);
  } finally {
    await bare.end();
  }
}

interface Found {
  readonly label: string;
  readonly server: string;
  readonly asked: Asked;
}

async function askGateway(server: 'uws' | 'node', size: Size, day: MarketDay, say: (line: string) => void): Promise<Found[]> {
  const folder = mkdtempSync(join(outFolder(), 'api-'));
  const client = new AskedProcess<HttpPhase, HttpResult>(new URL('load/http-client.ts', import.meta.url));
  let gateway: GatewayProcess | undefined;
  try {
    const dataDirectory = join(folder, 'data');
    const http = { server, rates: { address: UNLIMITED, principal: UNLIMITED, orders: UNLIMITED } };
    gateway = await startGateway({ dataDirectory, day: day.directory, shards: 0, durability: 'process', sender: 'OMS', target: 'TARAZU', http });
    const token = await issueToken(
      keyPath(dataDirectory),
      { subject: 'bench', role: 'desk', minutes: 60, issuer: 'tarazu', audience: 'tarazu-api' },
      Date.now(),
    );
    const found: Found[] = [];
    for (const question of questions(day, token)) {
      say(`${server}, ${question.label}`);
      const asked = await ask(client, gateway.httpPort, question.requests, PLANS[size]);
      found.push({ label: question.label, server: `gateway over ${server}`, asked });
      if (server !== 'uws') continue;
      const floor = await beside(client, question, asked.highest.bodyBytes, PLANS[size]);
      found.push({ label: question.label, server: 'bare uWebSockets.js', asked: floor });
    }
    return found;
  } catch (error) {
    throw new Error(`${server}: ${error instanceof Error ? error.message : String(error)}\n${gateway?.output() ?? ''}`);
  } finally {
    await client.end();
    await gateway?.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const day = await marketDay({ seed: 7, clients: size === 'smoke' ? 200 : 2000, underlyings: size === 'smoke' ? 4 : 24, strikes: 9 }, true);
  const found = [...(await askGateway('uws', size, day, say)), ...(await askGateway('node', size, day, say))];
  const { seconds, perSecond } = PLANS[size];
  const measures = found.map(
    ({ label, server, asked }): Measure => ({
      label: `${label}, ${server}, highest rate`,
      value: asked.highest.perSecond,
      unit: 'requests/s',
      note: `${CONNECTIONS} connections, ${asked.highest.bodyBytes} bytes of body`,
    }),
  );
  const series = found.map(({ label, server, asked }): Series => ({ label: `${label}, ${server}, ${perSecond}/s`, latency: asked.planned.latency }));
  const rate = (server: string): number => found.find((one) => one.label === 'GET margin' && one.server === server)?.asked.highest.perSecond ?? 0;
  const targets: Target[] = [
    {
      claim: 'GET margin: highest rate / bare route',
      value: rate('gateway over uws') / rate('bare uWebSockets.js'),
      bound: RATE_RATIO,
      sense: 'at least',
    },
  ];
  const parameters = { clients: day.clients.length, connections: CONNECTIONS, accounts: ACCOUNTS, perSecond, seconds, shards: 0 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series,
    targets,
    excluded: ['the network (loopback)', 'the signature check of a token (each is checked once and remembered)', 'rate limits are off'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'api', title: 'API requests: margin and what-if, beside a bare uWebSockets.js route', run };
