// The webhook over real HTTP: signed as Standard Webhooks say, sent again until taken, in order, never in the way.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../../gateway/alerts/alert.ts';
import { alertConfig } from '../../../gateway/alerts/alert-config.ts';
import { isSignedBy, signWebhook, webhookKey } from '../../../gateway/alerts/webhook-signature.ts';
import { WebhookSink } from '../../../gateway/alerts/webhook-sink.ts';
import { newLogger } from '../../../gateway/log.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const alert: Alert = {
  id: 1,
  kind: 'feedStale',
  severity: 'warning',
  subject: 'NSE',
  text: 'No price',
  firstSeen: 1_000,
  lastSeen: 2_000,
  count: 3,
  clearedAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
};

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let server: Server | undefined;
let sink: WebhookSink | undefined;
afterEach(async () => {
  sink?.close();
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
});

/** A receiver that answers with the given statuses, then 204. */
async function receiver(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const made = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const status = statuses.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
    });
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', () => resolve()));
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/hook`, received };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const newSink = (url: string): WebhookSink => {
  sink = new WebhookSink({ url, key: webhookKey(SECRET), log: newLogger('silent'), firstRetryMs: 5 });
  return sink;
};

describe('the signature', () => {
  it('is HMAC-SHA256 over id, timestamp and body, in base64 behind its version', () => {
    const expected = createHmac('sha256', '0123456789abcdef0123456789abcdef').update('msg_1.1700000000.{"a":1}').digest('base64');
    expect(signWebhook(webhookKey(SECRET), 'msg_1', 1_700_000_000, '{"a":1}')).toBe(`v1,${expected}`);
  });

  it.each(['0123', 'whsec_', `whsec_${Buffer.from('short').toString('base64')}`, ''])('wants a real secret, not "%s"', (secret) =>
    expect(() => webhookKey(secret)).toThrow(RangeError),
  );

  it('does not fit another body, time or id', () => {
    const key = webhookKey(SECRET);
    const headers = { id: 'msg_1', timestamp: 5, signature: `v1,nonsense ${signWebhook(key, 'msg_1', 5, 'x')}` };
    expect(isSignedBy(key, headers, 'x')).toBe(true);
    expect(isSignedBy(key, headers, 'y')).toBe(false);
    expect(isSignedBy(key, { ...headers, timestamp: 6 }, 'x')).toBe(false);
    expect(isSignedBy(key, { ...headers, id: 'msg_2' }, 'x')).toBe(false);
  });
});

describe('delivery', () => {
  it('sends what changed, signed', async () => {
    const { url, received } = await receiver();
    newSink(url).tell(alert, 'raised');
    await until(() => received.length === 1, 'the message');
    const { headers, body } = received[0] as Received;
    expect(JSON.parse(body)).toEqual({ type: 'alert.raised', timestamp: new Date(2_000).toISOString(), data: alert });
    const signed = {
      id: String(headers['webhook-id']),
      timestamp: Number(headers['webhook-timestamp']),
      signature: String(headers['webhook-signature']),
    };
    expect(signed.id).toMatch(/^msg_/);
    expect(Math.abs(signed.timestamp - Date.now() / 1_000)).toBeLessThan(180);
    expect(isSignedBy(webhookKey(SECRET), signed, body)).toBe(true);
  });

  it('sends again what was not taken, with the same id, before what came later', async () => {
    const { url, received } = await receiver(500, 302, 429);
    const hook = newSink(url);
    hook.tell(alert, 'raised');
    hook.tell(alert, 'repeated');
    hook.tell(alert, 'cleared');
    await until(() => hook.delivered === 2, 'both messages');
    const types = received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types).toEqual(['alert.raised', 'alert.raised', 'alert.raised', 'alert.raised', 'alert.cleared']);
    expect(new Set(received.slice(0, 4).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(hook.waiting).toBe(0);
  });

  it('gives a message up after eight attempts and goes on', async () => {
    const { url, received } = await receiver(...Array.from({ length: 8 }, () => 503));
    const hook = newSink(url);
    hook.tell(alert, 'raised');
    hook.tell(alert, 'cleared');
    await until(() => hook.delivered === 1, 'the second message');
    expect(hook.failed).toBe(1);
    expect(received).toHaveLength(9);
  });

  it('drops the oldest when nobody listens, and counts them', () => {
    const hook = newSink('http://127.0.0.1:1/');
    for (let i = 0; i < 1_005; i++) hook.tell({ ...alert, id: i }, 'raised');
    expect(hook.waiting).toBe(1_000);
    expect(hook.dropped).toBe(5);
  });
});

it.each([
  ['http://example.com/hook', false, false],
  ['http://example.com/hook', true, true],
  ['http://127.0.0.1:9/hook', false, true],
  ['http://[::1]:9/hook', false, true],
  ['http://127.0.0.1.example.com/', false, false],
  ['ftp://127.0.0.1/', true, false],
])('the configuration: %s with allowRemote %s is taken: %s', (url, allowRemote, taken) => {
  expect(alertConfig.safeParse({ webhook: { url, allowRemote, secretFile: 'x' } }).success).toBe(taken);
});
