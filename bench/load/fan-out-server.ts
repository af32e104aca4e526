// Process under test of the fan-out bench: an adapter of the gateway with one WebSocket, to which it publishes as it is told. A turn sends so many
// messages to every subscriber, then lets the sockets drain, so that what is measured is delivery and not a growing queue.
import type { Channel, ChannelRoute, HttpAdapter } from '../../gateway/http/adapter/http-adapter.ts';
import { openAdapter } from '../../gateway/http/adapter/open-adapter.ts';
import { StreamBed, type StreamFinding } from './fan-out-stream.ts';

/** What the parent may ask. */
export type FanOutTask =
  | { readonly op: 'listen'; readonly server: 'uws' | 'node'; readonly subject: 'publish' | 'stream' }
  | { readonly op: 'publish'; readonly bytes: number; readonly perTurn: number; readonly turns: number }
  | { readonly op: 'stream'; readonly seconds: number };

/** What it answers. */
export type FanOutAnswer =
  | { readonly op: 'listening'; readonly port: number }
  | { readonly op: 'published'; readonly seconds: number; readonly cpuSeconds: number; readonly rssMiB: number }
  | ({ readonly op: 'streamed' } & StreamFinding);

/** Waiting bytes above which a turn is held back. */
const HIGH_BYTES = 65_536;

const channels = new Set<Channel>();
const route: ChannelRoute = {
  path: '/v1/stream',
  protocols: ['tarazu.margin.json'],
  upgrade: async () => undefined,
  open: (channel) => void channels.add(channel),
  message: () => undefined,
  drained: () => undefined,
  closed: (channel) => void channels.delete(channel),
};
const bed = new StreamBed();
let adapter: HttpAdapter | undefined;

async function listen(server: 'uws' | 'node', subject: 'publish' | 'stream'): Promise<FanOutAnswer> {
  adapter = await openAdapter(server, { warn: () => undefined });
  const handler = async (): Promise<{ status: number; contentType: string; body: string }> => ({ status: 404, contentType: 'text/plain', body: '' });
  return { op: 'listening', port: await adapter.listen('127.0.0.1', 0, handler, [subject === 'publish' ? route : bed.stream]) };
}

async function publish(bytes: number, perTurn: number, turns: number): Promise<FanOutAnswer> {
  const message = Buffer.alloc(bytes, '{"op":"delta"}'.padEnd(16));
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let rss = 0;
  for (let turn = 0; turn < turns; turn++) {
    for (const channel of channels)
      channel.cork(() => {
        for (let sent = 0; sent < perTurn; sent++) channel.send(message, true);
      });
    do await new Promise((resolve) => setImmediate(resolve));
    while ([...channels].some((channel) => channel.bufferedBytes > HIGH_BYTES));
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  while ([...channels].some((channel) => channel.bufferedBytes > 0)) await new Promise((resolve) => setTimeout(resolve, 1));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { op: 'published', seconds, cpuSeconds: (user + system) / 1e6, rssMiB: rss / 2 ** 20 };
}

async function obey(task: FanOutTask): Promise<FanOutAnswer> {
  if (task.op === 'listen') return listen(task.server, task.subject);
  if (task.op === 'publish') return publish(task.bytes, task.perTurn, task.turns);
  return { op: 'streamed', ...(await bed.run(task.seconds)) };
}

process.on('message', (task: FanOutTask) => {
  obey(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on('disconnect', () => process.exit(0));
