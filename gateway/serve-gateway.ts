// The HTTP side of a running gateway: desks become routes, events become the stream, one authenticator recognises the callers of both.
import type { Config } from './config.ts';
import { openAuthenticator } from './http/auth/authenticator.ts';
import type { Metrics } from './http/metrics.ts';
import { serveHttp } from './http/serve-http.ts';
import type { Logger } from './log.ts';
import type { GatewayWatching } from './operations/watch-gateway.ts';
import { LiveWatch } from './risk/live-watch.ts';
import type { GatewayCore } from './start-core.ts';
import { ClientSource } from './stream/client-source.ts';
import type { MarginStream } from './stream/margin-stream.ts';
import { openStream } from './stream/open-stream.ts';

/** What is served. */
export interface ServedGateway {
  readonly config: Config;
  readonly log: Logger;
  readonly core: GatewayCore;
  readonly watching: GatewayWatching;
  readonly metrics: Metrics;
}

/** Listens for requests and channels; resolves to the port bound and the way to stop. */
export async function serveGateway(parts: ServedGateway): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { config, log, core, watching } = parts;
  const { desks, questions } = core.opened;
  const authenticate = await openAuthenticator(config);
  const { feed } = watching;
  desks.squareOff.useFeed(feed);
  const alerts = watching.alerts.book;
  const live = new LiveWatch({
    previews: desks.previews,
    lastPrice: (segment, token) => (feed.isStale(segment, token) ? undefined : feed.quote(segment, token)?.price),
    now: () => performance.now(),
    changed: (account) => stream.board.touch(ClientSource.topicOf(account)),
    failed: (error) => log.error({ error }, 'live margin could not be worked out'),
  });
  const stream: MarginStream = openStream({
    questions,
    instruments: core.instruments,
    peaks: core.peaks,
    rejectsOf: (account, limit) => desks.house.rejectsOf(account, limit),
    liveOf: (account) => live.of(account),
    authenticate,
    house: () => ({
      sessions: desks.sessions.list(),
      parameters: desks.gateway.parameters(),
      feed: feed.view(),
      firmKilled: desks.gateway.isFirmKilled,
    }),
    alerts,
    figures: core.figures.stream,
    refusalRate: config.http.rates.address,
    log,
    epoch: core.shards.recovered.epoch,
    watch: (watcher) => core.application.watch(watcher),
  });
  const http = await serveHttp({ config, log, desks: { ...desks, alerts, feed }, authenticate, metrics: parts.metrics, channels: [stream] });
  return {
    port: http.port,
    close: async () => {
      live.stop();
      stream.stop();
      await http.close();
    },
  };
}
