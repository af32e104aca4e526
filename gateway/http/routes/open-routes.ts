// Routes that need no token: is it alive, is it ready, figures for a scraper on the same machine, the contract with an OMS.
import type { Desks, Pages } from '../desks.ts';
import { type Route, route } from '../route.ts';

/** Health, readiness, metrics, rules of engagement. */
export function openRoutes({ gateway }: Desks, pages: Pages): Route[] {
  return [
    route({
      method: 'GET',
      path: '/healthz',
      summary: 'The process is alive',
      tag: 'gateway',
      access: 'open',
      plain: 'application/json',
      handle: async () => ({ contentType: 'application/json', text: '{"status":"ok"}\n' }),
    }),
    route({
      method: 'GET',
      path: '/readyz',
      summary: 'The gateway can judge orders; 503 and what is missing when it cannot',
      tag: 'gateway',
      access: 'open',
      plain: 'application/json',
      handle: async () => {
        const readiness = gateway.readiness();
        return { contentType: 'application/json', text: `${JSON.stringify(readiness)}\n`, status: readiness.ready ? 200 : 503 };
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Figures in Prometheus text, for scrapers on the same machine',
      tag: 'gateway',
      access: 'loopback',
      plain: 'text/plain; version=0.0.4',
      handle: async () => ({ contentType: 'text/plain; version=0.0.4', text: await pages.metrics() }),
    }),
    route({
      method: 'GET',
      path: '/rules-of-engagement',
      summary: 'The contract with an OMS over FIX',
      tag: 'gateway',
      access: 'open',
      plain: 'text/markdown',
      handle: async () => ({ contentType: 'text/markdown', text: pages.rulesOfEngagement }),
    }),
  ];
}
