// The HTTP side of the sandbox: instructions by Idempotency-Key, questions by key, what each counterparty has in its books, and the switchboard of
// faults. Bearer token on everything but the list of faults. Faults of the network are played here, those of the decision in counterparties.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CALL_TARGETS, type CallTarget } from '../ports/ports-file.ts';
import { moneyPage, practiceMoney } from './bank-doors.ts';
import type { Counterparties } from './counterparties.ts';
import { unitPage } from './depository-doors.ts';
import { FAULTS, type FaultName, type FaultSwitches } from './faults.ts';

/** A running server. */
export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

const BY_KEY = 'instructions/by-key/';
const BODY_BYTES_MAX = 1 << 20;

/** Starts it on loopback. */
export async function startHttpServer(books: Counterparties, faults: FaultSwitches, token: string): Promise<HttpServer> {
  const answered = new Map<CallTarget, string>();
  const server = createServer((request, response) => {
    answer({ books, faults, token, answered }, request, response).catch((error: unknown) =>
      reply(response, 400, { error: (error as Error).message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Desk {
  readonly books: Counterparties;
  readonly faults: FaultSwitches;
  readonly token: string;
  /** Last answer of each counterparty. */
  readonly answered: Map<CallTarget, string>;
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path === '/faults') return switchFaults(desk.faults, request, response);
  if (request.headers.authorization !== `Bearer ${desk.token}`) return reply(response, 401, { error: 'token?' });
  const [, name, rest = ''] = /^\/([a-z]+)\/(.+)$/.exec(path) ?? [];
  const target = CALL_TARGETS.find((known) => known === name);
  if (target === undefined) return reply(response, 404, { error: `${path} is nothing here` });
  if (desk.faults.isOn('counterparty-down') || (target === 'bank' && desk.faults.isOn('bank-down'))) {
    request.socket.destroy();
    return;
  }
  const byKey = rest.startsWith(BY_KEY) ? decodeURIComponent(rest.slice(BY_KEY.length)) : undefined;
  if (byKey === undefined && rest !== 'instructions') return page(desk, target, rest, request, response);
  if (request.method === 'POST') return instruct(desk, target, request, response);
  if (byKey === undefined) return reply(response, 200, desk.books.of(target));
  const found = desk.books.inquire(target, byKey);
  if (found === undefined) return reply(response, 404, {});
  return reply(response, 200, { state: found.state, answer: found.answer, reason: found.reason });
}

/** Statements and books to read, and what practice does from outside. */
async function page({ books }: Desk, target: CallTarget, rest: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(rest, 'http://sandbox/');
  const name = pathname.slice(1);
  if (request.method === 'POST') {
    const refused = practiceMoney(books.money, target, name, JSON.parse(await bodyOf(request)) as Record<string, unknown>);
    if (refused === undefined) return reply(response, 404, { error: `${name} is nothing here` });
    return reply(response, refused === '' ? 200 : 400, { error: refused });
  }
  const securities = books.securities === undefined ? undefined : unitPage(books.securities, target, name);
  const found = securities ?? moneyPage(books.money, target, name, searchParams);
  return found === undefined ? reply(response, 404, { error: `${name} is nothing here` }) : reply(response, 200, found);
}

async function instruct({ books, faults, answered }: Desk, target: CallTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return reply(response, 400, { error: 'Idempotency-Key is needed' });
  const body = JSON.parse(await bodyOf(request)) as Record<string, unknown>;
  if (faults.play('server-error')) return reply(response, 503, { error: 'try later' });
  if (faults.play('timeout-before')) {
    request.socket.destroy();
    return;
  }
  const made = books.instruct(target, key, body);
  if (faults.play('timeout-after-success')) {
    request.socket.destroy();
    return;
  }
  if (faults.play('error-after-success')) return reply(response, 500, { error: 'something broke' });
  if (made.state === 'refused') return reply(response, 422, { reason: made.reason });
  if (made.state === 'pending') return reply(response, 409, { state: 'pending' });
  const before = answered.get(target);
  const text = before !== undefined && faults.play('duplicate-answer') ? before : JSON.stringify(made.answer);
  answered.set(target, text);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(faults.play('cut-answer') ? text.slice(0, text.length >> 1) : text);
}

async function switchFaults(faults: FaultSwitches, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const { on = '', off = '' } = JSON.parse(await bodyOf(request)) as { on?: string; off?: string };
    for (const words of on.split(',').filter((word) => word !== '')) faults.switchOn(words);
    for (const name of off.split(',').filter((word) => word !== '')) faults.switchOff(name as FaultName);
  }
  reply(response, 200, { on: faults.list, known: FAULTS });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_BYTES_MAX) throw new RangeError('too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
