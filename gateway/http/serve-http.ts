// Starts the HTTP side: routes over a desk, metrics, the token that mutating routes need.
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { listenAs } from '../listen-fault.ts';
import type { Logger } from '../log.ts';
import { NodeHttpAdapter } from './adapter/node-http-adapter.ts';
import { openAuthenticator } from './auth/authenticator.ts';
import type { Figures } from './figures.ts';
import { type Gauges, metricsPage } from './metrics.ts';
import type { RiskDesk } from './risk-desk.ts';
import { routed } from './router.ts';
import { gatewayRoutes } from './routes.ts';

/** Listens and resolves to the port bound and the way to stop. Rejects when the port or the token file cannot be had. */
export async function serveHttp(
  config: Config,
  log: Logger,
  desk: RiskDesk,
  metrics: { readonly figures: Figures; readonly gauges: Gauges },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const rules = readFileSync(new URL('../rules-of-engagement.md', import.meta.url), 'utf8');
  const routes = gatewayRoutes(desk, rules, metricsPage(metrics.figures, metrics.gauges));
  const authenticate = await openAuthenticator(config);
  const adapter = new NodeHttpAdapter();
  const port = await listenAs('http.port', adapter.listen(config.http.host, config.http.port, routed(routes, authenticate, log)));
  return { port, close: () => adapter.close() };
}
