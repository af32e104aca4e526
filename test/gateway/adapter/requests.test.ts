// HTTP over both servers: one suite, so that a route behaves the same on either. Where a server of its nature answers otherwise, the test says so.
import { networkInterfaces } from 'node:os';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../bench/gateway-process.ts';
import { BODY_BYTES_MAX, type HttpAdapter, type HttpRequest, type HttpResponse } from '../../../gateway/http/adapter/http-adapter.ts';
import { DISCARDED_BYTES_MAX, HEADER_BYTES_MAX } from '../../../gateway/http/adapter/limits.ts';
import { addressText } from '../../../gateway/http/adapter/uws-head.ts';
import { answersIn, CANDIDATES, Wire } from './both-adapters.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === 'IPv6') ?? false);
const LARGE = 'x'.repeat(8 << 20);

/** Says what it was asked; some paths answer otherwise. */
async function echo(request: HttpRequest): Promise<HttpResponse> {
  seen.push(request.path);
  if (request.path === '/slow') await new Promise((resolve) => setTimeout(resolve, 60));
  if (request.path === '/throws') throw new Error('never shown');
  if (request.path === '/large') return { status: 200, contentType: 'text/plain', body: LARGE };
  if (request.path === '/bytes') return { status: 201, contentType: 'image/png', body: Uint8Array.of(0, 255, 1), headers: { 'x-more': 'yes' } };
  const { method, path, query, remoteAddress, body } = request;
  const said = { method, path, query: [...query], remoteAddress, x: request.header('x-a') ?? null, size: body.length, first: body[0] ?? null };
  return { status: 200, contentType: 'application/json', body: JSON.stringify(said) };
}
const seen: string[] = [];

describe.each(CANDIDATES)('$name', ({ name, open }) => {
  let adapter: HttpAdapter;
  let port = 0;
  let url = '';

  beforeAll(async () => {
    adapter = await open();
    port = await adapter.listen('127.0.0.1', 0, echo);
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(() => adapter.close());

  const converse = async (text: string, answers: number): Promise<ReturnType<typeof answersIn>> => {
    const wire = await Wire.open(port);
    wire.write(text);
    await wire.until(() => wire.isClosed || answersIn(wire.text).length >= answers, `${answers} answers`);
    wire.drop();
    return answersIn(wire.text);
  };
  const post = (size: number): Promise<Response> => fetch(`${url}/p`, { method: 'POST', body: 'b'.repeat(size) });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('routes %s', async (method) => {
    const body = method === 'GET' ? {} : { body: 'abc' };
    const response = await fetch(`${url}/a/%C3%A9?b=1&b=2&c=%20`, { method, ...body, headers: { 'X-A': 'v' } });
    expect(await response.json()).toEqual({
      method,
      path: '/a/%C3%A9',
      query: [
        ['b', '1'],
        ['b', '2'],
        ['c', ' '],
      ],
      remoteAddress: '127.0.0.1',
      x: 'v',
      size: method === 'GET' ? 0 : 3,
      first: method === 'GET' ? null : 97,
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('answers HEAD with headers alone', async () => {
    const answer = await converse('HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n', 1);
    expect(answer[0]).toMatchObject({ status: 200, body: '' });
    expect(answer[0]?.headers).toMatch(/content-length: [1-9]/);
  });

  it('sends bytes as they are', async () => {
    const response = await fetch(`${url}/bytes`);
    expect([response.status, response.headers.get('content-type'), response.headers.get('x-more')]).toEqual([201, 'image/png', 'yes']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  it('takes odd paths', async () => {
    const answer = await converse('GET // HTTP/1.1\r\nHost: x\r\n\r\n', 1);
    expect(JSON.parse(answer[0]?.body ?? '')).toMatchObject({ path: '//', query: [] });
  });

  it('takes a body at the limit and refuses one beyond it, and the client reads why', async () => {
    expect(await (await post(BODY_BYTES_MAX)).json()).toMatchObject({ size: BODY_BYTES_MAX });
    for (const size of [BODY_BYTES_MAX + 1, 600_000, DISCARDED_BYTES_MAX]) {
      const response = await post(size);
      expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([413, 'TZ-BODY-TOO-LARGE']);
    }
    expect(await (await post(3)).json()).toMatchObject({ size: 3 });
  });

  it('refuses a body without end before it is sent, and cuts one that is sent all the same', async () => {
    const announced = await converse(`POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: ${DISCARDED_BYTES_MAX * 1000}\r\n\r\n`, 1);
    expect(announced[0]?.status).toBe(413);
    const wire = await Wire.open(port);
    wire.write('POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let sent = 0; sent < DISCARDED_BYTES_MAX * 8 && !wire.isClosed; sent += 65_536) {
      wire.write(`10000\r\n${'c'.repeat(65_536)}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await wire.closed();
    expect(seen.filter((path) => path === '/p').length).toBeGreaterThan(0);
  });

  it('takes chunked bodies', async () => {
    const answer = await converse('POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 1);
    expect(JSON.parse(answer[0]?.body ?? '')).toMatchObject({ size: 5, first: 97 });
  });

  it('gives a large answer whole, however slowly it is read', async () => {
    const wire = await Wire.open(port);
    wire.socket.pause();
    wire.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await (await fetch(`${url}/a`)).json()).toMatchObject({ path: '/a' });
    wire.socket.resume();
    await wire.until(() => wire.bytes.length > LARGE.length, 'the large answer');
    expect(answersIn(wire.text)[0]?.body.length).toBe(LARGE.length);
    wire.write('GET /b HTTP/1.1\r\nHost: x\r\n\r\n');
    await wire.until(() => answersIn(wire.text).length === 2, 'the next answer');
    wire.drop();
  });

  it('outlives clients that go away at any moment', async () => {
    for (const text of [
      'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab',
      'GET /large HTTP/1.1\r\nHost: x\r\n\r\n',
      'GE',
    ])
      for (const wait of [0, 5, 30]) {
        const wire = await Wire.open(port);
        wire.write(text);
        await new Promise((resolve) => setTimeout(resolve, wait));
        wire.drop();
      }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await (await fetch(`${url}/a`)).json()).toMatchObject({ path: '/a' });
  });

  it('drops the connection when a handler fails, and goes on', async () => {
    await expect(fetch(`${url}/throws`)).rejects.toThrow();
    expect((await fetch(`${url}/a`)).status).toBe(200);
  });

  it('never answers pipelined requests out of order', async () => {
    const paths = ['/slow', '/a', '/b', '/c'];
    const answers = await converse(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''), 4);
    const answered = answers.map(({ body }) => (JSON.parse(body) as { path: string }).path);
    expect(answered).toEqual(paths.slice(0, answered.length));
    // uWebSockets.js takes no second request while the first is being answered: it cuts the connection.
    expect(answered.length).toBe(name === 'uws' ? 0 : 4);
  });

  it('reads a request that comes one byte at a time', async () => {
    const wire = await Wire.open(port);
    const [line, rest] = ['POST /p?q=1 HTTP/1.1\r\n', 'Host: x\r\nX-A: drip\r\nContent-Length: 5\r\n\r\nabcde'];
    // uWebSockets.js wants the request line in one read; the node server takes that in pieces, too.
    if (name === 'uws') wire.write(line);
    else await wire.drip(line);
    await wire.drip(rest);
    await wire.until(() => answersIn(wire.text).length === 1, 'the answer');
    expect(JSON.parse(answersIn(wire.text)[0]?.body ?? '')).toMatchObject({ method: 'POST', path: '/p', x: 'drip', size: 5 });
    wire.drop();
  });

  it('keeps a connection for the next request', async () => {
    const wire = await Wire.open(port);
    for (let n = 1; n <= 3; n++) {
      wire.write(`GET /n${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await wire.until(() => answersIn(wire.text).length === n, `answer ${n}`);
    }
    expect(answersIn(wire.text).map(({ body }) => (JSON.parse(body) as { path: string }).path)).toEqual(['/n1', '/n2', '/n3']);
    wire.drop();
  });

  it.each<[string, string, number[]]>([
    ['headers beyond the limit', `GET /a HTTP/1.1\r\nHost: x\r\nX-A: ${'y'.repeat(HEADER_BYTES_MAX + 1_000)}\r\n\r\n`, [431]],
    ['bytes that are not HTTP', '8=FIX.4.4\x019=5\x0135=A\x01\r\n\r\n', [400, 505]],
    ['a length that is none', 'POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc', [400]],
    ['two lengths', 'POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde', [400]],
    ['a length and chunks', 'POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n', [400]],
  ])('refuses %s, closes the connection and tells no route', async (_, text, statuses) => {
    const before = seen.length;
    const wire = await Wire.open(port);
    wire.write(text);
    await wire.closed();
    expect(statuses).toContain(answersIn(wire.text)[0]?.status);
    expect(seen.length).toBe(before);
  });

  it('takes headers near the limit', async () => {
    const answer = await converse(`GET /a HTTP/1.1\r\nHost: x\r\nX-A: ${'y'.repeat(HEADER_BYTES_MAX - 1_000)}\r\n\r\n`, 1);
    expect(answer[0]?.status).toBe(200);
  });
});

describe.each(CANDIDATES)('$name, closing', ({ open }) => {
  it('answers what is open, takes nothing new, and frees the port', async () => {
    const adapter = await open();
    // A port by number, as configured: only such a one is asked for again.
    const port = await adapter.listen('127.0.0.1', await freePort(), echo);
    const idle = await Wire.open(port);
    const before = seen.length;
    const asked = fetch(`http://127.0.0.1:${port}/slow`);
    while (seen.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    const closing = adapter.close();
    expect((await asked).status).toBe(200);
    await closing;
    await idle.closed();
    await expect(fetch(`http://127.0.0.1:${port}/a`)).rejects.toThrow();
    const next = await open();
    expect(await next.listen('127.0.0.1', port, echo)).toBe(port);
    await next.close();
    await next.close();
  });

  it.each([
    ['::1', '[::1]', '::1'],
    ['::', '127.0.0.1', '::ffff:127.0.0.1'],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ])('listening on %s names a caller as the other server does', async (host, asked, address) => {
    if (host.includes(':') && !hasIpv6) {
      console.warn(`not tried on ${host}: this machine has no IPv6`);
      return;
    }
    const adapter = await open();
    const port = await adapter.listen(host, 0, echo);
    expect(await (await fetch(`http://${asked}:${port}/a`)).json()).toMatchObject({ remoteAddress: address });
    await adapter.close();
  });

  it('says when the port is taken', async () => {
    const [first, second] = [await open(), await open()];
    const port = await first.listen('127.0.0.1', 0, echo);
    await expect(second.listen('127.0.0.1', port, echo)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
  });
});

it.each([
  [[10, 1, 2, 255], '10.1.2.255'],
  [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x42], '2001:db8::42'],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168, 0, 1], '::ffff:192.168.0.1'],
  [[], ''],
])('writes the address %j as %s', (bytes, text) => {
  expect(addressText(Uint8Array.from(bytes))).toBe(text);
});
