// Starts the HTTP side: routes over the desks, channels, the console's files, behind the server that the configuration names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PageFiles } from '../../workers/index.ts';
import type { Config } from '../config.ts';
import { listenAs } from '../listen-fault.ts';
import type { Logger } from '../log.ts';
import type { ChannelRoute } from './adapter/http-adapter.ts';
import { openAdapter } from './adapter/open-adapter.ts';
import type { Authenticate } from './auth/authenticator.ts';
import type { Desks } from './desks.ts';
import { IdempotencyStore } from './idempotency.ts';
import type { Metrics } from './metrics.ts';
import { RateLimiter } from './rate-limit.ts';
import { routed } from './router.ts';
import { allRoutes } from './routes/all-routes.ts';

/** What the HTTP side is made of. */
export interface HttpParts {
  readonly config: Config;
  readonly log: Logger;
  readonly desks: Desks;
  readonly authenticate: Authenticate;
  readonly metrics: Metrics;
  readonly channels?: readonly ChannelRoute[];
}

/** Listens and resolves to the port bound and the way to stop. Rejects when the port or the server cannot be had. */
export async function serveHttp(parts: HttpParts): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { config, log, authenticate, metrics } = parts;
  const { host, port, server, rates } = config.http;
  const rulesOfEngagement = readFileSync(new URL('../rules-of-engagement.md', import.meta.url), 'utf8');
  const idempotency = new IdempotencyStore(join(config.dataDirectory, 'http', 'answers.jsonl'), config.durability === 'power');
  const files = new PageFiles(join(import.meta.dirname, '../console'));
  const routes = allRoutes(parts.desks, { rulesOfEngagement, metrics: () => metrics.page() });
  const handler = routed({
    routes,
    authenticate,
    rates: {
      address: new RateLimiter('address', rates.address),
      principal: new RateLimiter('principal', rates.principal),
      orders: new RateLimiter('orders', rates.orders),
    },
    idempotency,
    log,
    files: (path, ifNoneMatch) => files.answer(path, ifNoneMatch),
  });
  const adapter = await openAdapter(server, log);
  const bound = await listenAs('http.port', adapter.listen(host, port, metrics.measure(handler, routes), parts.channels));
  return {
    port: bound,
    close: async () => {
      await adapter.close();
      idempotency.close();
    },
  };
}
