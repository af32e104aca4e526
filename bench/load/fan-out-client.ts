// Process of the subscribers: thousands of plain TCP connections that have become WebSockets, whose bytes are counted and not looked at, so that the
// client costs as little as a client can. Some may be told not to read at all.
import { connect, type Socket } from 'node:net';
import { PROTOCOL, topicOf } from './fan-out-stream.ts';

/** What the parent may ask. count: to be told when so many bytes have come since the connections were made. */
export type SubscriberTask =
  | { readonly op: 'connect'; readonly port: number; readonly subscribers: number; readonly subscribe: boolean }
  | { readonly op: 'deaf'; readonly subscribers: number }
  | { readonly op: 'count'; readonly bytes: number };

/** What it answers. `counted`: nanoseconds of the monotonic clock when that many bytes were there. */
export type SubscriberAnswer =
  | { readonly op: 'connected' }
  | { readonly op: 'deaf' }
  | { readonly op: 'counted'; readonly at: string; readonly bytes: number };

/** Connections being made at once. */
const AT_ONCE = 200;
const PATIENCE_MS = 60_000;

const sockets: Socket[] = [];
const scratch = Buffer.alloc(262_144);
let bytesIn = 0;
let wanted = Number.POSITIVE_INFINITY;
let reached: () => void = () => undefined;

/** A masked text frame (mask of zeroes) of at most 125 bytes. */
function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

function subscriber(port: number, topic: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let isUpgraded = false;
    const socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: scratch,
        callback: (size) => {
          if (isUpgraded) {
            bytesIn += size;
            if (bytesIn >= wanted) reached();
            return true;
          }
          isUpgraded = true;
          if (scratch.toString('latin1', 9, 12) !== '101') reject(new Error(scratch.toString('latin1', 0, size)));
          if (topic !== undefined) socket.write(frame(JSON.stringify({ op: 'subscribe', topic })));
          resolve();
          return true;
        },
      },
    });
    socket.once('error', reject);
    sockets.push(socket);
    socket.write(
      `GET /v1/stream HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`,
    );
  });
}

async function connectAll(port: number, subscribers: number, subscribe: boolean): Promise<void> {
  for (let from = 0; from < subscribers; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, subscribers - from) }, (_, i) => from + i);
    await Promise.all(numbers.map((number) => subscriber(port, subscribe ? topicOf(number) : undefined)));
  }
}

/** Resolves when `bytes` have come in all. */
async function count(bytes: number): Promise<void> {
  wanted = bytes;
  if (bytesIn >= wanted) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${bytesIn} of ${bytes} bytes came in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    reached = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  wanted = Number.POSITIVE_INFINITY;
}

async function obey(task: SubscriberTask): Promise<SubscriberAnswer> {
  if (task.op === 'connect') {
    await connectAll(task.port, task.subscribers, task.subscribe);
    return { op: 'connected' };
  }
  if (task.op === 'deaf') {
    for (const socket of sockets.slice(0, task.subscribers)) socket.pause();
    return { op: 'deaf' };
  }
  await count(task.bytes);
  return { op: 'counted', at: String(process.hrtime.bigint()), bytes: bytesIn };
}

process.on('message', (task: SubscriberTask) => {
  obey(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on('disconnect', () => process.exit(0));
