// The OpenAPI document against a running gateway: every operation it lists is called as it says, and as it says not to. What is not in the document
// cannot pass, and what is in it and does not work cannot either.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OpenApiDocument, Operation } from '../../../gateway/http/openapi.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient } from '../oms-client.ts';
import { execution } from '../order-messages.ts';
import { fundLots, type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken, tokenFor } from '../tokens.ts';

interface Called {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: { readonly data: unknown; readonly error: { readonly code: string; readonly message: string } | null; readonly error_type?: string };
}

let house: SmallHouse;
let gateway: Gateway;
let data = '';
let token = '';
let second = '';
let scopeless = '';
let calls: Called[] = [];
let plan = '';
let keys = 0;

beforeAll(async () => {
  house = await smallHouse();
  fundLots(house, 'RICH', [{ boughtOn: 20261119, pledged: 0 }]);
  // Each route is called many times over here: the limits have tests of their own.
  const none = { perSecond: 0 };
  gateway = await startHouse(house, 'data', { http: { port: 0, rates: { address: none, principal: none, orders: none } } });
  data = join(house.folder, 'data');
  token = adminToken(data);
  second = await tokenFor(data, { role: 'admin', subject: 'second' });
  scopeless = await tokenFor(data, { role: 'admin', subject: 'scopeless', scopes: [] });
  const document = JSON.parse((await ask('GET', '/openapi.json')).text) as OpenApiDocument;
  calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  // The day's end is the end of the test, too.
  await buyIntraday();
  plan = await squareOffPlan();
  calls.sort((a, b) => Number(a.path === '/v1/day/close') - Number(b.path === '/v1/day/close'));
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

async function ask(method: string, path: string, options: { body?: string; token?: string; type?: string; key?: string } = {}): Promise<Asked> {
  const headers: Record<string, string> = {};
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  if (options.body !== undefined) headers['content-type'] = options.type ?? 'application/json';
  if (options.key !== undefined) headers['idempotency-key'] = options.key;
  const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, {
    method,
    headers,
    ...(options.body === undefined ? {} : { body: options.body }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : { data: null, error: null } };
}

const isSecured = ({ operation }: Called): boolean => operation.security.length > 0;
const newKey = (): string => `contract-${++keys}`;

/** Values of this house in place of the document's examples. */
function fixture(name: string, example: unknown): unknown {
  const values: Record<string, unknown> = {
    account: 'RICH',
    symbol: house.share.symbol,
    tradingsymbol: house.share.symbol,
    price: house.share.close,
    name: 'FIX.4.4:TARAZU->OTHER',
    file: join(house.day, 'nsccl.20261120.i2.zip'),
    csv: 'account,max_order_quantity\nRICH,100000\n',
    causes: ['killed'],
  };
  return values[name] ?? example;
}

async function placedOrder(): Promise<string> {
  const body = { account: 'RICH', exchange: 'NSE', symbol: house.share.symbol, side: 'BUY', quantity: 10, price: house.share.close };
  const { json } = await ask('POST', '/v1/orders', { token, body: JSON.stringify(body), key: newKey() });
  return (json.data as { id: string }).id;
}

/** What the second person asks for, so that the first may approve it: by the head of the path. */
const ASKED_FOR: Readonly<Record<string, readonly [path: string, body: string]>> = {
  '/v1/kill-switches': ['/v1/kill-switches/release', '{"scope":"ACCOUNT","account":"RICH","reason":"contract"}'],
  '/v1/segments': ['/v1/segments/NFO/requests', '{"state":"OPEN","reason":"contract"}'],
};

/** No alert has been raised that could be acknowledged; a plan waits for approval only where an order system is connected (risk/square-off.test.ts). */
const UNASKED: ReadonlySet<string> = new Set(['/v1/alerts/{id}/acknowledge', '/v1/square-off/plans/{id}/approve']);

async function requested(head: string): Promise<string> {
  const [path, body] = ASKED_FOR[head] ?? ['', ''];
  const { json } = await ask('POST', path, { token: second, body });
  return (json.data as { id: string }).id;
}

/** A plan over SELLER, who is frozen while an order of his works. */
async function squareOffPlan(): Promise<string> {
  const { share } = house;
  const body = { account: 'SELLER', exchange: 'NSE', symbol: share.symbol, side: 'SELL', quantity: 1, price: share.close };
  await ask('POST', '/v1/orders', { token, body: JSON.stringify(body), key: newKey() });
  await ask('PATCH', '/v1/clients/SELLER', { token, body: '{"status":"FROZEN"}' });
  const { json } = await ask('POST', '/v1/square-off/plans', { token, body: '{"accounts":["SELLER"],"reason":"contract"}' });
  return (json.data as { id: string }).id;
}

/** Gives RICH units to convert. */
async function buyIntraday(): Promise<void> {
  const { share } = house;
  const body = { account: 'RICH', exchange: 'NSE', symbol: share.symbol, side: 'BUY', quantity: 10, price: share.close, product: 'MIS' };
  const { json } = await ask('POST', '/v1/orders', { token, body: JSON.stringify(body), key: newKey() });
  const { id, cl_ord_id } = json.data as { id: string; cl_ord_id: string };
  const oms = await OmsClient.logon(gateway.fixPort);
  oms.send('8', execution('F', 'E-contract', cl_ord_id, share, { orderId: id, status: '2', quantity: 10, last: [10, share.close] }));
  await oms.quiet();
  oms.drop();
}

/** The path with its parameters and query filled in. */
async function target({ path, operation }: Called): Promise<string> {
  let filled = path;
  for (const parameter of operation.parameters.filter((each) => each.in === 'path')) {
    let value = fixture(parameter.name, parameter.example);
    if (parameter.name === 'id' && path.startsWith('/v1/orders')) value = await placedOrder();
    const head = Object.keys(ASKED_FOR).find((each) => path.startsWith(each));
    if (parameter.name === 'id' && path.startsWith('/v1/square-off')) value = plan;
    if (parameter.name === 'id' && head !== undefined) value = await requested(head);
    filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(String(value)));
  }
  const query = operation.parameters.filter((each) => each.in === 'query' && each.example !== undefined);
  return query.length === 0
    ? filled
    : `${filled}?${new URLSearchParams(Object.fromEntries(query.map((each) => [each.name, String(each.name === 'account' ? fixture(each.name, each.example) : each.example)])))}`;
}

function bodyOf({ operation }: Called): string | undefined {
  const example = operation.requestBody?.content['application/json']?.example as Record<string, unknown> | undefined;
  if (operation.requestBody === undefined) return undefined;
  const filled = (of: object): object => Object.fromEntries(Object.entries(of).map(([name, value]) => [name, fixture(name, value)]));
  return JSON.stringify(Array.isArray(example) ? example.map((each: object) => filled(each)) : filled(example ?? {}));
}

/** One line per operation that breaks what `check` asks; a check resolves to '' when all is well. */
async function breaches(of: readonly Called[], check: (call: Called) => Promise<string>): Promise<string[]> {
  const found: string[] = [];
  for (const call of of) {
    const breach = await check(call);
    if (breach !== '') found.push(`${call.method} ${call.path}: ${breach}`);
  }
  return found;
}

/** Kite-shaped routes say no in Kite's form. */
const isKite = ({ operation }: Called): boolean => operation.tags.includes('kite');

/** '' when the refusal is in Kite's form, with a status under which the document has the code. */
function refusedInKite({ status, json, text }: Asked, code: string, { operation }: Called): string {
  const described = operation.responses[status];
  if (described?.['x-error-codes']?.includes(code as never) !== true) return `${status}: ${code} is not in the document`;
  const schema = (described.content as Record<string, { schema: object }>)['application/json']?.schema as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(schema).safeParse(json).success ? '' : text.slice(0, 200);
}

/** '' when the refusal has this status and code, and the document says that the operation may answer so. */
function refusedAs(asked: Asked, status: number, code: string, called: Called): string {
  if (isKite(called)) return refusedInKite(asked, code, called);
  const { operation } = called;
  if (asked.status !== status || asked.json.error?.code !== code) return `${asked.status} ${asked.text.slice(0, 200)}`;
  return operation.responses[status]?.['x-error-codes']?.includes(code as never) === true ? '' : `${code} is not in the document`;
}

describe('every operation of /openapi.json', () => {
  it('is there: each route once, each with words, and an id of its own', () => {
    expect(calls.length).toBeGreaterThan(38);
    expect(new Set(calls.map(({ operation }) => operation.operationId)).size).toBe(calls.length);
    expect(calls.filter(({ operation }) => operation.summary.length < 8 || operation.tags.length !== 1)).toEqual([]);
    expect(calls.filter(({ path }) => /^\/v1\/(alerts|feed)/.test(path)).length).toBe(3);
  });

  it('refuses who brings no token, unless it is open to all', async () => {
    const secured = calls.filter(isSecured);
    expect(secured.length).toBeGreaterThan(30);
    expect(await breaches(secured, async (call) => refusedAs(await ask(call.method, await target(call)), 401, 'TZ-TOKEN-MISSING', call))).toEqual([]);
    const open = calls.filter((call) => !isSecured(call));
    expect(open.map(({ path }) => path).sort()).toEqual(['/healthz', '/metrics', '/openapi.json', '/readyz', '/rules-of-engagement']);
  });

  it('refuses a token without its scope', async () => {
    const scoped = calls.filter(({ operation }) => operation.security.some((each) => (each['bearer']?.length ?? 0) > 0));
    expect(scoped.length).toBeGreaterThan(30);
    const check = async (call: Called): Promise<string> =>
      refusedAs(await ask(call.method, await target(call), { token: scopeless }), 403, 'TZ-SCOPE', call);
    expect(await breaches(scoped, check)).toEqual([]);
  });

  it('refuses another method and says which it offers', async () => {
    const check = async (call: Called): Promise<string> => {
      const method = call.path === '/v1/clients/{account}' ? 'DELETE' : 'PATCH';
      const asked = await ask(method, await target(call), { token });
      const allow = asked.headers.get('allow') ?? '';
      return asked.status === 405 && asked.json.error?.code === 'TZ-METHOD' && allow.includes(call.method) ? '' : `${asked.status}, Allow: ${allow}`;
    };
    expect(await breaches(calls, check)).toEqual([]);
  });

  it('refuses bodies that are not JSON, of another type, or of another shape', async () => {
    const withBody = calls.filter(({ operation }) => operation.requestBody !== undefined);
    expect(withBody.length).toBeGreaterThan(12);
    const bad = async (call: Called, body: string, type: string, status: number, code: string): Promise<string> =>
      refusedAs(await ask(call.method, await target(call), { token, body, type, key: newKey() }), status, code, call);
    expect(await breaches(withBody, (call) => bad(call, '{"a":', 'application/json', 400, 'TZ-JSON'))).toEqual([]);
    expect(await breaches(withBody, (call) => bad(call, '{}', 'application/xml', 415, 'TZ-CONTENT-TYPE'))).toEqual([]);
    expect(await breaches(withBody, (call) => bad(call, '{"surprise":1}', 'application/json', 422, 'TZ-INVALID'))).toEqual([]);
  });

  it('refuses query parameters it does not know', async () => {
    const check = async (call: Called): Promise<string> => {
      const path = await target(call);
      const asked = await ask(call.method, `${path}${path.includes('?') ? '&' : '?'}surprise=1`, { token, key: newKey() });
      return refusedAs(asked, 400, 'TZ-QUERY', call);
    };
    expect(await breaches(calls.filter(isSecured), check)).toEqual([]);
  });

  it('answers a right call as its schema says', async () => {
    const seen: string[] = [];
    const check = async (call: Called): Promise<string> => {
      if (UNASKED.has(call.path)) return '';
      const body = bodyOf(call);
      const path = await target(call);
      const asked = await ask(call.method, path, { token, key: newKey(), ...(body === undefined ? {} : { body }) });
      const described = call.operation.responses[asked.status];
      if (asked.status >= 300 || described === undefined) return `${asked.status} ${asked.text.slice(0, 300)}`;
      seen.push(call.operation.operationId);
      const content = described.content as Record<string, { schema?: object }>;
      const schema = content['application/json']?.schema;
      if (schema === undefined) return Object.keys(content)[0] === undefined ? 'no content type is described' : '';
      const result = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(JSON.parse(asked.text));
      return result.success ? '' : z.prettifyError(result.error).slice(0, 400);
    };
    expect(await breaches(calls, check)).toEqual([]);
    expect(seen.length).toBe(calls.length - UNASKED.size);
  });
});
