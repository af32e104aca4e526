// The gateway program: FIX orders in, durable verdicts out. This file is the wiring and nothing else; what runs is in the files it names.
import { pathToFileURL } from 'node:url';
import { InboxFeed } from '../workers/index.ts';
import type { Config } from './config.ts';
import { FixAcceptor, systemClock } from './fix/index.ts';
import { gatewayGauges } from './http/gauges.ts';
import { Metrics } from './http/metrics.ts';
import { listenAs } from './listen-fault.ts';
import type { Logger } from './log.ts';
import { watchGateway } from './operations/watch-gateway.ts';
import type { DayLoad } from './risk/day-loader.ts';
import { startHeartbeat } from './risk/heartbeat.ts';
import { bindSessions } from './risk/open-sessions.ts';
import { RefusedConnections } from './risk/refused-connections.ts';
import type { RiskApplication } from './risk/risk-application.ts';
import { serveGateway } from './serve-gateway.ts';
import { startCore } from './start-core.ts';

/** How often the inboxes are looked into. */
const INBOX_MILLIS = 50;

/** A running gateway. */
export interface Gateway {
  readonly fixPort: number;
  readonly httpPort: number;
  readonly application: RiskApplication;
  /** What loading config.day did; undefined without one. */
  readonly day: DayLoad | undefined;
  /** Stops taking orders, settles what was taken, seals the journal. Idempotent. */
  stop(): Promise<void>;
}

/** Starts everything in order; rejects with the first thing that cannot be had, having undone what was started. */
export async function startGateway(config: Config, log: Logger): Promise<Gateway> {
  const undo: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    // 1 the inside: shards, parameters, session logs, desks, the day
    const core = await startCore(config, log, undo);
    const { shards, application, sessions, parameters, figures, spans, opened, missed, day } = core;
    const desk = opened.desks.gateway;
    // 2 market data, alerts, and what /metrics draws
    const isDayOpen = (): boolean => desk.openDate > 0;
    const watching = await watchGateway({
      config,
      log,
      shards,
      sessions,
      parameters,
      figures,
      spans,
      isDayOpen,
      watch: (watcher) => application.watch(watcher),
    });
    undo.push(() => watching.stop());
    opened.desks.member.start(watching.alerts.book);
    undo.push(() => opened.desks.member.stop());
    await opened.desks.slices.start();
    undo.push(() => opened.desks.slices.stop());
    const gauges = { ...gatewayGauges(shards, sessions, config.dataDirectory), ...watching.gauges };
    const metrics = new Metrics({ figures, gauges, stages: shards.meters.stages, spans });
    // 3 FIX
    const refused = new RefusedConnections(log, Date.now);
    const acceptor = new FixAcceptor(bindSessions(config, sessions, application, systemClock), {
      onClosed: (session, reason, address, wasLoggedOn) => {
        if (!wasLoggedOn) refused.add(session?.id, reason, address);
      },
    });
    const fixPort = await listenAs('fix.SocketAcceptPort', acceptor.listen(config.fix.SocketAcceptPort, config.fix.SocketAcceptAddress));
    undo.push(() => acceptor.close());
    // 4 HTTP
    const http = await serveGateway({ config, log, core, watching, metrics });
    undo.push(() => http.close());
    // 5 each second; commands other programs left for the shards
    undo.push(startHeartbeat({ shards, application, desk, parameters, log }));
    const inbox = new InboxFeed(config.dataDirectory, shards);
    inbox.start(INBOX_MILLIS);
    undo.push(() => inbox.close());
    log.info({ fixPort, httpPort: http.port, epoch: shards.recovered.epoch, folded: shards.recovered.folded, missed, day }, 'gateway is up');
    return { fixPort, httpPort: http.port, application, day, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // Not awaited here: a command that imports this module would wait for itself.
  void import('./commands/index.ts').then(async ({ runCommandLine }) => {
    process.exitCode = await runCommandLine(process.argv.slice(2));
  });
}
