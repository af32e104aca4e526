// One trace from an OMS or a terminal through the gateway: in the reports of sessions that ask for it, in the log, in spans, in the HTTP answer.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, newLogger, parseConfig, startGateway } from '../../../gateway/index.ts';
import { parseTraceParent } from '../../../gateway/trace/trace-parent.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse } from '../small-house.ts';
import { adminToken } from '../tokens.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const lines: string[] = [];
let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;

const start = (echoSessions: readonly string[]): Promise<Gateway> =>
  startGateway(
    parseConfig({
      dataDirectory: join(house.folder, 'data'),
      day: house.day,
      fix: { SocketAcceptPort: 0, sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }] },
      http: { port: 0 },
      tracing: { file: join(house.folder, 'spans.jsonl'), echoSessions },
    }),
    newLogger('info', { write: (line: string) => void lines.push(line) }),
  );

beforeAll(async () => {
  house = await smallHouse();
  gateway = await start(['OMS']);
  oms = await OmsClient.logon(gateway.fixPort);
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const traced = { more: [[10_020, PARENT]] } as const;

it('goes with an order over FIX: verdict, fill, log and span', async () => {
  oms.send('D', newOrder('t1', house.share, { quantity: 1, ...traced }));
  const verdict = await oms.report('t1');
  const echoed = parseTraceParent(verdict.get(10_020) ?? '');
  expect(echoed).toMatchObject({ traceId: TRACE, isSampled: true });
  expect(echoed?.spanId).not.toBe('00f067aa0ba902b7');
  oms.send('8', execution('F', 'T1', 't1', house.share, { quantity: 1, orderId: verdict.get(37) ?? '', last: [1, house.share.close], status: '2' }));
  expect((await oms.report('t1', 2)).get(10_020)).toBe(verdict.get(10_020));
  const line = lines.map((each) => JSON.parse(each) as Record<string, unknown>).find(({ msg }) => msg === 'a traced command was decided');
  expect(line).toMatchObject({ traceId: TRACE, spanId: echoed?.spanId, order: verdict.get(37) });
});

it('leaves orders without it, and with what is none, as they were', async () => {
  oms.send('D', newOrder('t2', house.share, { quantity: 1 }));
  oms.send('D', newOrder('t3', house.share, { quantity: 1, more: [[10_020, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]] }));
  for (const id of ['t2', 't3']) {
    const report = await oms.report(id);
    expect(report.get(150)).toBe('0');
    expect(report.has(10_020)).toBe(false);
  }
});

it('goes with a request over HTTP into its command', async () => {
  const headers = {
    authorization: `Bearer ${adminToken(join(house.folder, 'data'))}`,
    traceparent: PARENT,
    'content-type': 'application/json',
    'idempotency-key': 'trace-test-1',
  };
  const { symbol, exchange, close } = house.share;
  const order = { account: 'RICH', exchange, symbol, side: 'BUY', quantity: 1, price: close };
  const answer = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
  expect(answer.status).toBe(201);
  const ours = parseTraceParent(answer.headers.get('traceparent') ?? '');
  expect(ours?.traceId).toBe(TRACE);
  const { id } = ((await answer.json()) as { data: { id: string } }).data;
  const line = lines.map((each) => JSON.parse(each) as Record<string, unknown>).find((each) => each['order'] === id);
  expect(line).toMatchObject({ traceId: TRACE, msg: 'a traced command was decided' });
});

it('does not end up in what is sent again, nor where it was not asked for', async () => {
  const memory = oms.memory;
  oms.send('2', [
    [7, 1],
    [16, 0],
  ]);
  await oms.until(() => oms.wire.some((fields) => fields.get(43) === 'Y' && fields.get(11) === 't1'), 'the resend');
  const again = oms.wire.filter((fields) => fields.get(43) === 'Y' && fields.get(35) === '8');
  expect(again.some((fields) => fields.has(10_020))).toBe(false);
  oms.drop();
  await gateway.stop();
  const spans = readFileSync(join(house.folder, 'spans.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; trace: { traceId: string }; parentId: string });
  const ofTrace = spans.filter(({ trace }) => trace.traceId === TRACE);
  expect(ofTrace.map(({ name }) => name).sort()).toEqual(['POST /v1/orders', 'decide', 'decide']);
  const request = ofTrace.find(({ name }) => name === 'POST /v1/orders');
  expect(request?.parentId).toBe('00f067aa0ba902b7');
  gateway = await start([]);
  oms = await OmsClient.logon(gateway.fixPort, memory);
  oms.send('D', newOrder('t4', house.share, { quantity: 1, ...traced }));
  expect((await oms.report('t4')).has(10_020)).toBe(false);
});
