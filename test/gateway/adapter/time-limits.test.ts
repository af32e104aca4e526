// Clients that hold a connection without using it: both servers let go of them. Side by side, because only waiting shows it.
import { expect, it } from 'vitest';
import type { ChannelRoute, HttpAdapter } from '../../../gateway/http/adapter/http-adapter.ts';
import { CANDIDATES, type Candidate, Wire } from './both-adapters.ts';
import { Opcode, RawWebSocket } from './raw-websocket.ts';

/** The least uWebSockets.js keeps time for. */
const IDLE_SECONDS = 8;

async function withServer(candidate: Candidate, test: (port: number, closed: () => number) => Promise<void>): Promise<void> {
  const adapter: HttpAdapter = await candidate.open(IDLE_SECONDS);
  let closed = 0;
  const route: ChannelRoute = {
    path: '/stream',
    protocols: [],
    upgrade: async () => undefined,
    open: () => undefined,
    message: () => undefined,
    drained: () => undefined,
    closed: () => {
      closed += 1;
    },
  };
  const port = await adapter.listen('127.0.0.1', 0, async () => ({ status: 200, contentType: 'text/plain', body: 'ok' }), [route]);
  try {
    await test(port, () => closed);
  } finally {
    await adapter.close();
  }
}

it.concurrent.each(CANDIDATES)('$name gives no time to half requests, silent connections and drips', async (candidate) => {
  await withServer(candidate, async (port) => {
    const talk = async (text: string, more?: string): Promise<void> => {
      const wire = await Wire.open(port);
      wire.write(text);
      const drip = more === undefined ? undefined : setInterval(() => wire.write(more), 500);
      await wire.closed();
      clearInterval(drip);
    };
    await Promise.all([
      talk(''),
      talk('GET /a HTTP/1.1\r\nHost:'),
      talk('GET /a HTTP/1.1\r\n', 'X-A: b\r\n'),
      talk('POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nab', 'c'),
      talk('GET /a HTTP/1.1\r\nHost: x\r\n\r\n'),
    ]);
  });
});

it.concurrent.each(CANDIDATES)('$name cuts a channel whose peer is gone, and keeps one that answers pings', async (candidate) => {
  await withServer(candidate, async (port, closed) => {
    const [dead, alive] = [await RawWebSocket.ask(port, '/stream'), await RawWebSocket.ask(port, '/stream')];
    const answering = setInterval(() => {
      const pings = alive.frames.filter(({ opcode }) => opcode === Opcode.PING).length;
      for (let pongs = answered; pongs < pings; pongs++) alive.send(Opcode.PONG, '');
      answered = pings;
    }, 100);
    let answered = 0;
    await dead.wire.closed();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect([alive.wire.isClosed, closed()]).toEqual([false, 1]);
    clearInterval(answering);
    alive.wire.drop();
  });
});
