// The stream of a running gateway, over real sockets: what a terminal holds is what the API answers, whoever moved it, and nobody sees more than his
// token says.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { issueToken } from '../../../gateway/http/auth/issue-token.ts';
import { keyPath } from '../../../gateway/http/auth/key-file.ts';
import type { Role } from '../../../gateway/http/auth/principal.ts';
import { type Gateway, newLogger, parseConfig, startGateway } from '../../../gateway/index.ts';
import { decode, JSON_PROTOCOL, MSGPACK_PROTOCOL } from '../../../gateway/stream/encoding.ts';
import { OmsClient } from '../oms-client.ts';
import { newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse } from '../small-house.ts';
import type { Received } from './fake-channel.ts';
import { inKeyOrder, Subscriber } from './subscriber.ts';

let house: SmallHouse;

beforeAll(async () => {
  house = await smallHouse();
});
afterAll(() => rmSync(house.folder, { recursive: true, force: true }));

/** A terminal: a WebSocket whose messages a Subscriber takes. */
class Terminal {
  readonly subscriber = new Subscriber();
  readonly received: Received[] = [];
  closeCode = 0;
  readonly socket: WebSocket;
  private readonly waiters = new Set<() => void>();

  constructor(port: number, token: string, protocol: string) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, [protocol, `bearer.${token}`]);
    this.socket.on('message', (bytes: Buffer, isBinary) => {
      const message = decode(protocol, isBinary ? new Uint8Array(bytes) : bytes.toString('utf8')) as Received;
      this.received.push(message);
      this.subscriber.take(message);
      this.wake();
    });
    this.socket.on('open', () => this.wake());
    this.socket.on('error', () => this.wake());
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.wake();
    });
  }

  async opened(): Promise<this> {
    await this.until(() => this.socket.readyState === WebSocket.OPEN, 'the stream to open');
    return this;
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  data(topic: string): Record<string, unknown> {
    return this.subscriber.topics.get(topic)?.data ?? {};
  }

  async until(condition: () => boolean, what: string, patience = 60_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`waited for ${what}; last ${JSON.stringify(this.received.slice(-2)).slice(0, 900)}`)),
        patience,
      );
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.waiters.delete(check);
        resolve();
      };
      this.waiters.add(check);
    });
  }

  private wake(): void {
    for (const check of this.waiters) check();
  }
}

describe.each(['uws', 'node'] as const)('over %s', (server) => {
  let gateway: Gateway;
  let oms: OmsClient;
  let dataDirectory = '';
  const open: Terminal[] = [];

  beforeAll(async () => {
    dataDirectory = join(house.folder, `stream-${server}`);
    const config = {
      dataDirectory,
      day: house.day,
      fix: { SocketAcceptPort: 0, sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }] },
      http: { port: 0, server },
    };
    gateway = await startGateway(parseConfig(config), newLogger('silent'));
    oms = await OmsClient.logon(gateway.fixPort);
  });
  afterAll(async () => {
    oms?.drop();
    await gateway?.stop();
    for (const terminal of open) await terminal.until(() => terminal.closeCode !== 0, 'goodbye');
    expect(new Set(open.map(({ closeCode }) => closeCode))).not.toContain(1006);
  });

  const tokenOf = (role: Role, accounts?: readonly string[], minutes = 5): Promise<string> =>
    issueToken(keyPath(dataDirectory), { subject: 's', role, accounts, minutes, issuer: 'tarazu', audience: 'tarazu-api' }, Date.now());
  const terminal = async (role: Role, protocol = JSON_PROTOCOL, accounts?: readonly string[]): Promise<Terminal> => {
    const made = new Terminal(gateway.httpPort, await tokenOf(role, accounts), protocol);
    open.push(made);
    return made.opened();
  };
  const api = async (path: string): Promise<Record<string, unknown>> => {
    const token = readFileSync(join(dataDirectory, 'token'), 'utf8').trim();
    const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    return ((await response.json()) as { data: Record<string, unknown> }).data;
  };

  it('shows orders as they are judged, in both protocols, and equals the API', async () => {
    const [json, packed] = [await terminal('desk'), await terminal('trader', MSGPACK_PROTOCOL, ['RICH'])];
    for (const each of [json, packed]) each.say({ op: 'subscribe', topic: 'client:RICH', interval_ms: 50 });
    for (const each of [json, packed]) await each.until(() => each.data('client:RICH')['account'] === 'RICH', 'the snapshot');
    for (let n = 0; n < 20; n++) oms.send('D', newOrder(`s${n}`, n % 2 === 0 ? house.share : house.future));
    oms.send('D', newOrder('odd', house.future, { quantity: house.future.lot + 1 }));
    await oms.report('odd');
    for (const each of [json, packed]) await each.until(() => each.data('client:RICH')['open_orders'] === 20, 'twenty open orders');
    const { as_of: _, ...margin } = await api('/v1/clients/RICH/margin');
    const { positions } = (await api('/v1/clients/RICH/positions')) as { positions: unknown[] };
    for (const each of [json, packed]) {
      await each.until(() => (each.data('client:RICH')['orders'] as unknown[]).length === 21, 'the rejected order');
      expect(each.data('client:RICH')).toMatchObject(margin);
      expect(each.data('client:RICH')['positions']).toEqual(positions);
      const orders = each.data('client:RICH')['orders'] as { state: string; cl_ord_id: string; reject: { name: string } | null }[];
      expect(orders.filter(({ state }) => state === 'REJECTED').map(({ cl_ord_id, reject }) => [cl_ord_id, reject?.name])).toEqual([
        ['odd', 'lotSize'],
      ]);
    }
    expect(inKeyOrder(json.data('client:RICH'))).toEqual(inKeyOrder(packed.data('client:RICH')));
    expect(json.subscriber.held('client:RICH')).toMatchObject({ snapshots: 1 });
  });

  it('goes on where a dropped terminal was', async () => {
    const before = await terminal('desk');
    before.say({ op: 'subscribe', topic: 'client:CASHONLY', interval_ms: 50 });
    await before.until(() => before.data('client:CASHONLY')['account'] === 'CASHONLY', 'the snapshot');
    const { stream, seq } = before.subscriber.held('client:CASHONLY');
    before.socket.close(1000);
    await before.until(() => before.closeCode !== 0, 'the close');
    oms.send('D', newOrder('r1', house.share, { account: 'CASHONLY', quantity: 3 }));
    await oms.report('r1');
    const after = await terminal('desk');
    Object.assign(after.subscriber.held('client:CASHONLY'), before.subscriber.held('client:CASHONLY'), { snapshots: 0 });
    after.say({ op: 'subscribe', topic: 'client:CASHONLY', after: seq, stream });
    await after.until(() => after.data('client:CASHONLY')['open_orders'] === 1, 'the order');
    expect(after.subscriber.held('client:CASHONLY')).toMatchObject({ stream, snapshots: 0 });
    const { as_of: _, ...margin } = await api('/v1/clients/CASHONLY/margin');
    expect(after.data('client:CASHONLY')).toMatchObject(margin);
  });

  it('shows the house to the desk: sums, shortfalls, rejections, sessions, kill switches', async () => {
    const desk = await terminal('desk');
    desk.say({ op: 'subscribe', topic: 'desk' });
    desk.say({ op: 'subscribe', topic: 'alerts' });
    await desk.until(() => desk.data('desk')['totals'] !== undefined && desk.data('alerts')['recent'] !== undefined, 'the picture');
    expect(desk.data('desk')).toMatchObject({
      totals: { clients: 7, short: 0 },
      sessions: [{ name: 'FIX.4.4:TARAZU->OMS', logged_on: true }],
      kill_switches: [],
    });
    oms.send('D', newOrder('big', house.future, { account: 'POOR' }));
    await oms.report('big');
    const rejected = (): unknown =>
      (desk.data('desk')['rejects'] as { name: string; count: number }[]).find(({ name }) => name === 'insufficientMargin')?.count;
    await desk.until(() => rejected() === 1, 'the rejection');
    const { clients } = (await api('/v1/clients?limit=100')) as { clients: { open_orders: number }[] };
    const openOrders = clients.reduce((sum, { open_orders }) => sum + open_orders, 0);
    expect(desk.data('desk')['totals']).toMatchObject({ open_orders: openOrders });
  });

  it('shows a client to nobody who may not see it, and says the same of one that does not exist', async () => {
    const trader = await terminal('trader', JSON_PROTOCOL, ['POOR']);
    for (const topic of ['client:RICH', 'desk', 'alerts', 'client:NOBODY']) trader.say({ op: 'subscribe', topic });
    const all = await terminal('auditor');
    all.say({ op: 'subscribe', topic: 'client:NOBODY' });
    await trader.until(() => trader.subscriber.errors.length === 4, 'four refusals');
    expect(trader.subscriber.errors.map(({ topic, code }) => [topic, code])).toEqual([
      ['client:RICH', 'TZ-NOT-FOUND'],
      ['desk', 'TZ-SCOPE'],
      ['alerts', 'TZ-SCOPE'],
      ['client:NOBODY', 'TZ-NOT-FOUND'],
    ]);
    await all.until(() => all.subscriber.errors.length === 1, 'the refusal');
    expect(all.subscriber.errors[0]?.message).toBe(trader.subscriber.errors[3]?.message);
    trader.say({ op: 'ping' });
    await trader.until(() => trader.subscriber.pongs === 1, 'the pong');
    expect(trader.subscriber.topics.size).toBe(0);
  });

  it.each<[string, () => Promise<string>]>([
    ['no token', async () => ''],
    ['a token of another key', async () => (await tokenOf('desk')).replace(/.{10}$/, 'AAAAAAAAAA')],
    ['an expired token', () => tokenOf('desk', undefined, -10)],
  ])('lets nobody in with %s', async (_, token) => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.httpPort}/v1/stream`, [
      JSON_PROTOCOL,
      ...((await token()) === '' ? [] : [`bearer.${await token()}`]),
    ]);
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (__, response) => resolve(response.statusCode));
      socket.once('open', () => resolve(101));
    });
    expect(status).toBe(401);
    socket.on('error', () => undefined);
    socket.terminate();
  });
});
