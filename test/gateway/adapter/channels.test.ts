// WebSockets over both servers: who is let in, what is a message, how it ends, what happens to a reader that does not read.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Channel, ChannelRoute, HttpAdapter, HttpResponse } from '../../../gateway/http/adapter/http-adapter.ts';
import { MESSAGE_BYTES_MAX } from '../../../gateway/http/adapter/limits.ts';
import { refusal } from '../../../gateway/http/http-error.ts';
import { answersIn, CANDIDATES, Wire } from './both-adapters.ts';
import { frame, Opcode, RawWebSocket, upgradeText } from './raw-websocket.ts';

interface Seen {
  readonly opened: unknown[];
  readonly messages: (string | Uint8Array)[];
  drained: number;
  closed: number;
}
let seen: Seen = { opened: [], messages: [], drained: 0, closed: 0 };
let last: Channel | undefined;

/** Echoes; "close CODE" closes, "flood N" sends N kilobytes. */
const route: ChannelRoute = {
  path: '/stream',
  protocols: ['one', 'two'],
  async upgrade(request) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const token = request.header('authorization');
    if (token === 'bad') throw refusal('TZ-TOKEN-MISSING', 'who are you');
    if (token === 'broken') throw new Error('never shown');
    return { token, query: request.query.get('q'), from: request.remoteAddress };
  },
  open(channel, data) {
    last = channel;
    seen.opened.push(data);
  },
  message(channel, data) {
    seen.messages.push(data);
    const [word, number] = typeof data === 'string' ? data.split(' ') : [];
    if (word === 'close') channel.close(Number(number), 'é'.repeat(200));
    else if (word === 'flood') for (let sent = 0; sent < Number(number); sent++) channel.send('f'.repeat(1024));
    else channel.send(data);
  },
  drained() {
    seen.drained += 1;
  },
  closed() {
    seen.closed += 1;
  },
};
const plain: ChannelRoute = { ...route, path: '/plain', protocols: [] };
const http = async (): Promise<HttpResponse> => ({ status: 200, contentType: 'text/plain', body: 'http' });

describe.each(CANDIDATES)('$name', ({ name, open }) => {
  let adapter: HttpAdapter;
  let port = 0;

  beforeAll(async () => {
    adapter = await open();
    port = await adapter.listen('127.0.0.1', 0, http, [route, plain]);
  });
  afterAll(() => adapter.close());
  beforeEach(() => {
    seen = { opened: [], messages: [], drained: 0, closed: 0 };
  });

  const enter = async (headers: Readonly<Record<string, string>> = { 'Sec-WebSocket-Protocol': 'one' }, path = '/stream'): Promise<RawWebSocket> => {
    const client = await RawWebSocket.ask(port, path, headers);
    expect(client.status).toBe(101);
    return client;
  };
  const settled = async (condition: () => boolean): Promise<void> => {
    for (const limit = Date.now() + 60_000; !condition() && Date.now() < limit; ) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(condition()).toBe(true);
  };

  it('lets a client in, with what its upgrade said', async () => {
    const client = await enter({ 'Sec-WebSocket-Protocol': 'one', Authorization: 'good' }, '/stream?q=7');
    expect(client.head.toLowerCase()).toContain('sec-websocket-protocol: one\r\n');
    expect(seen.opened).toEqual([{ token: 'good', query: '7', from: '127.0.0.1' }]);
    expect(last?.protocol).toBe('one');
    client.wire.drop();
    await settled(() => seen.closed === 1);
  });

  it.each<[string, string]>([
    ['two, one', 'two'],
    ['bearer.abc, one', 'one'],
    ['zero,two', 'two'],
  ])('of the protocols %s takes %s', async (offered, taken) => {
    const client = await enter({ 'Sec-WebSocket-Protocol': offered });
    expect(client.head.toLowerCase()).toContain(`sec-websocket-protocol: ${taken}\r\n`);
    expect(last?.protocol).toBe(taken);
    client.wire.drop();
  });

  it('negotiates nothing where the route has no protocols', async () => {
    const client = await enter({}, '/plain');
    expect([client.head.toLowerCase().includes('sec-websocket-protocol'), last?.protocol]).toEqual([false, '']);
    client.wire.drop();
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ['a bad token', '/stream', { 'Sec-WebSocket-Protocol': 'one', Authorization: 'bad' }, 401, 'TZ-TOKEN-MISSING'],
    ['a failure inside, without showing it', '/stream', { 'Sec-WebSocket-Protocol': 'one', Authorization: 'broken' }, 500, 'TZ-INTERNAL'],
    ['no protocol that is spoken', '/stream', { 'Sec-WebSocket-Protocol': 'three' }, 400, 'TZ-PROTOCOL'],
    ['no protocol at all', '/stream', {}, 400, 'TZ-PROTOCOL'],
    ['a connection that is to close', '/stream', { 'Sec-WebSocket-Protocol': 'one', Connection: 'close' }, 426, 'TZ-UPGRADE'],
    ['another version', '/stream', { 'Sec-WebSocket-Protocol': 'one', 'Sec-WebSocket-Version': '8' }, 426, 'TZ-UPGRADE'],
  ])('refuses %s', async (_, path, headers, status, code) => {
    const client = await RawWebSocket.ask(port, path, headers);
    await client.wire.closed();
    const [answer] = answersIn(client.wire.text);
    expect([answer?.status, JSON.parse(answer?.body ?? '')]).toMatchObject([status, { data: null, error: { code } }]);
    expect(seen.opened).toEqual([]);
  });

  it('has no channel elsewhere, and says on its path what it is', async () => {
    const elsewhere = await RawWebSocket.ask(port, '/nowhere');
    expect([200, 404]).toContain(elsewhere.status);
    elsewhere.wire.drop();
    const bare = await fetch(`http://127.0.0.1:${port}/stream`);
    expect([bare.status, ((await bare.json()) as { error: { code: string } }).error.code]).toEqual([426, 'TZ-UPGRADE']);
    const keyless = await RawWebSocket.ask(port, '/stream', { 'Sec-WebSocket-Protocol': 'one', 'Sec-WebSocket-Key': '' });
    expect([400, 426]).toContain(keyless.status);
    keyless.wire.drop();
  });

  it('outlives clients that go away while they are being let in', async () => {
    for (const wait of [0, 2, 6]) {
      const wire = await Wire.open(port);
      wire.write(upgradeText('/stream', { 'Sec-WebSocket-Protocol': 'one' }));
      await new Promise((resolve) => setTimeout(resolve, wait));
      wire.drop();
    }
    const client = await enter();
    client.wire.drop();
    await settled(() => seen.closed === seen.opened.length);
  });

  it('carries text and bytes, each as what it is', async () => {
    const client = await enter();
    client.send(Opcode.TEXT, 'grüße ₹');
    client.send(Opcode.BINARY, Uint8Array.of(0, 255, 128));
    client.send(Opcode.TEXT, '');
    await client.until(() => client.frames.length === 3, 'three echoes');
    expect(client.frames.map(({ opcode, payload }) => [opcode, payload.toString('hex')])).toEqual([
      [Opcode.TEXT, Buffer.from('grüße ₹').toString('hex')],
      [Opcode.BINARY, '00ff80'],
      [Opcode.TEXT, ''],
    ]);
    expect(seen.messages.map((message) => typeof message)).toEqual(['string', 'object', 'string']);
    client.wire.drop();
  });

  it('sends bytes encoded once as text, and one write for what is corked', async () => {
    const client = await enter();
    await settled(() => seen.opened.length === 1);
    const shared = Buffer.from('{"ok":"₹"}');
    last?.cork(() => {
      for (let n = 0; n < 50; n++) last?.send(shared, true);
    });
    await client.until(() => client.texts.length === 50, 'fifty messages');
    expect(new Set(client.texts)).toEqual(new Set(['{"ok":"₹"}']));
    client.wire.drop();
  });

  it('keeps every client it lets in, however many wait to be let in together', async () => {
    const clients = await Promise.all(Array.from({ length: 40 }, () => enter()));
    for (const client of clients) client.send(Opcode.TEXT, 'still here');
    for (const client of clients) await client.until(() => client.texts.length === 1, 'the echo');
    expect(clients.filter((client) => client.wire.isClosed)).toEqual([]);
    for (const client of clients) client.wire.drop();
  });

  it('puts fragments together, pings between them, and frames one byte at a time', async () => {
    const client = await enter();
    client.send(Opcode.TEXT, 'ab', false);
    client.send(Opcode.PING, 'p');
    client.send(Opcode.CONTINUATION, 'cd', false);
    client.send(Opcode.CONTINUATION, 'ef');
    await client.wire.drip(frame(Opcode.TEXT, 'drip').toString('latin1'));
    await client.until(() => client.texts.length === 2, 'the echoes');
    expect(client.texts).toEqual(['abcdef', 'drip']);
    expect(client.frames.filter(({ opcode }) => opcode === Opcode.PONG).map(({ payload }) => payload.toString())).toEqual(['p']);
    client.wire.drop();
  });

  it('takes a message at the limit and closes on one beyond it', async () => {
    const client = await enter();
    client.send(Opcode.BINARY, new Uint8Array(MESSAGE_BYTES_MAX));
    await client.until(() => client.frames.length === 1, 'the echo');
    client.send(Opcode.BINARY, new Uint8Array(MESSAGE_BYTES_MAX + 1));
    await client.until(() => client.closeCode !== 0, 'the close frame');
    expect(client.closeCode).toBe(1009);
    const sly = await enter();
    for (let sent = 0; sent < 40 && !sly.wire.isClosed; sent++) sly.send(sent === 0 ? Opcode.TEXT : Opcode.CONTINUATION, 'x'.repeat(8_000), false);
    await sly.until(() => sly.wire.isClosed || sly.closeCode === 1009, 'the end of an endless message');
    expect(seen.messages.length).toBe(1);
    client.wire.drop();
    sly.wire.drop();
  });

  it.each<[string, Buffer, number]>([
    ['text that is not UTF-8', frame(Opcode.TEXT, Uint8Array.of(0xc3, 0x28)), 1007],
    ['an unknown opcode', frame(3, 'a'), 1002],
    ['a continuation of nothing', frame(Opcode.CONTINUATION, 'a'), 1002],
    ['a ping in two halves', frame(Opcode.PING, 'a', false), 1002],
  ])('ends on %s', async (what, bytes, code) => {
    const client = await enter();
    client.wire.write(bytes);
    await client.until(() => client.wire.isClosed || client.closeCode !== 0, 'the end');
    // uWebSockets.js drops such a connection without a close frame; ws says why.
    if (name === 'node') expect(client.closeCode).toBe(code);
    expect(seen.messages, what).toEqual([]);
    await settled(() => seen.closed === 1);
    client.wire.drop();
  });

  it('closes with the code it is told, and a reason that fits', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`, ['one']);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('close 4003');
    const [code, reason] = await new Promise<[number, string]>((resolve) =>
      socket.once('close', (number, text) => resolve([number, text.toString()])),
    );
    expect([code, reason]).toEqual([4003, 'é'.repeat(61)]);
    await settled(() => seen.closed === 1);
    last?.send('too late');
    last?.close(1000, 'twice');
    last?.cork(() => last?.send('still too late'));
    expect(last?.bufferedBytes).toBe(0);
  });

  it('answers a goodbye', async () => {
    const client = await enter();
    client.send(Opcode.CLOSE, Uint8Array.of(0x03, 0xe8));
    await client.wire.closed();
    expect(client.closeCode).toBe(1000);
    await settled(() => seen.closed === 1);
  });

  it('shows what a reader does not take, says when it takes it, and keeps the order', async () => {
    const client = await enter();
    client.wire.socket.pause();
    client.send(Opcode.TEXT, 'flood 12000');
    await settled(() => (last?.bufferedBytes ?? 0) > 1_000_000);
    expect(seen.drained).toBe(0);
    client.wire.socket.resume();
    await settled(() => (last?.bufferedBytes ?? 1) === 0);
    await client.until(() => client.wire.bytes.length >= 12_000 * 1_028, 'the flood');
    expect(client.texts.length).toBe(12_000);
    expect(seen.drained).toBeGreaterThan(0);
    client.wire.drop();
  });

  it('cuts a reader that takes nothing whoever keeps writing', async () => {
    const client = await enter();
    client.wire.socket.pause();
    for (let flood = 0; flood < 8; flood++) client.send(Opcode.TEXT, 'flood 4000');
    await settled(() => seen.closed === 1);
    client.wire.drop();
  });
});

describe.each(CANDIDATES)('$name, closing', ({ open }) => {
  it('says goodbye to its channels', async () => {
    const adapter = await open();
    const port = await adapter.listen('127.0.0.1', 0, http, [route]);
    const sockets = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`, ['one']);
        await new Promise((resolve) => socket.once('open', resolve));
        return socket;
      }),
    );
    const codes = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await adapter.close();
    expect(await Promise.all(codes)).toEqual([1001, 1001, 1001]);
  });
});
