// The gateway program: FIX orders in, durable verdicts out. This file is the wiring and nothing else; what runs is in the files it names.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EventReader, InboxFeed, NightPool, startShards } from '../workers/index.ts';
import type { Config } from './config.ts';
import { FixAcceptor, systemClock } from './fix/index.ts';
import { Figures } from './http/figures.ts';
import { gatewayGauges } from './http/gauges.ts';
import { Metrics } from './http/metrics.ts';
import { listenAs } from './listen-fault.ts';
import type { Logger } from './log.ts';
import { watchGateway } from './operations/watch-gateway.ts';
import { AccountDirectory } from './risk/account-directory.ts';
import { CommandIntake } from './risk/command-intake.ts';
import { CommandSender } from './risk/command-sender.ts';
import { type DayLoad, DayLoader } from './risk/day-loader.ts';
import { startHeartbeat } from './risk/heartbeat.ts';
import { InstrumentResolver } from './risk/instrument-resolver.ts';
import { openDesks } from './risk/open-desks.ts';
import { bindSessions, openRiskSessions } from './risk/open-sessions.ts';
import { ParameterDesk } from './risk/parameter-desk.ts';
import { PeakWatch } from './risk/peak-watch.ts';
import { RefusedConnections } from './risk/refused-connections.ts';
import { ReportEncoder } from './risk/report-encoder.ts';
import { RiskApplication } from './risk/risk-application.ts';
import { StatusDesk } from './risk/status-desk.ts';
import { serveGateway } from './serve-gateway.ts';
import { CommandTraces } from './trace/command-traces.ts';
import { echoTraces } from './trace/echo-traces.ts';
import { SpanExporter } from './trace/span-exporter.ts';

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
    // 1 lock the directory, recover, start the shards
    const { dataDirectory, durability } = config;
    const mode = config.shards === 0 ? 'inline' : 'threads';
    const shards = await startShards({ dataDir: dataDirectory, shards: Math.max(1, config.shards), mode, durability });
    undo.push(() => shards.stop());
    const accounts = new AccountDirectory();
    for (const [account, slot] of shards.recovered.accounts()) accounts.learnText(account, slot);
    // 2 parameters
    const [resolver, encoder, figures] = [new InstrumentResolver(), new ReportEncoder(), new Figures()];
    const parameters = new ParameterDesk(shards, dataDirectory, resolver, encoder);
    const sender = new CommandSender(shards, () => application.pump());
    // 3 FIX sessions: logs, then what the journal holds beyond them
    const risks = openRiskSessions(config, shards, systemClock);
    const reader = new EventReader(dataDirectory);
    const status = new StatusDesk(shards, accounts, resolver, log);
    const intake = new CommandIntake(shards, accounts, resolver);
    const now = (): number => (performance.timeOrigin + performance.now()) * 1_000;
    const spans = new SpanExporter(config.tracing, log);
    undo.push(() => spans.close());
    const traces = new CommandTraces(spans, log, now);
    const application = new RiskApplication({ shards, accounts, intake, encoder, status, reader, figures, log, sender, traces, now }, risks);
    undo.push(
      () => reader.close(),
      () => application.close(),
    );
    application.watch((event) => traces.learn(event));
    sender.onNumbered = (origin, number) => traces.takeHttp(origin, number);
    echoTraces(config, risks, traces);
    const missed = application.reportMissed();
    const pool = new NightPool();
    undo.push(() => pool.close());
    const peaks = new PeakWatch(join(dataDirectory, 'peaks.json'));
    undo.push(() => peaks.close());
    const ground = { shards, accounts, sender, parameters, instruments: resolver, sessions: risks, peaks, pool, dataDirectory, log, now };
    const opened = openDesks(ground);
    application.watch(opened.see);
    const desk = opened.desks.gateway;
    await parameters.resume(await desk.refresh());
    const day = config.day === undefined ? undefined : await new DayLoader(sender, parameters, accounts, config).load(config.day, desk.openDate);
    await desk.refresh();
    // 4 market data, alerts, and what /metrics draws
    const isDayOpen = (): boolean => desk.openDate > 0;
    const watching = await watchGateway({
      config,
      log,
      shards,
      sessions: risks,
      parameters,
      figures,
      spans,
      isDayOpen,
      watch: (watcher) => application.watch(watcher),
    });
    undo.push(() => watching.stop());
    const gauges = { ...gatewayGauges(shards, risks, dataDirectory), ...watching.gauges };
    const metrics = new Metrics({ figures, gauges, stages: shards.meters.stages, spans });
    // 5 FIX
    const refused = new RefusedConnections(log, Date.now);
    const acceptor = new FixAcceptor(bindSessions(config, risks, application, systemClock), {
      onClosed: (session, reason, address, wasLoggedOn) => {
        if (!wasLoggedOn) refused.add(session?.id, reason, address);
      },
    });
    const fixPort = await listenAs('fix.SocketAcceptPort', acceptor.listen(config.fix.SocketAcceptPort, config.fix.SocketAcceptAddress));
    undo.push(() => acceptor.close());
    // 6 HTTP
    const served = { config, log, shards, application, opened, instruments: resolver, peaks, watching, figures, metrics };
    const http = await serveGateway(served);
    undo.push(() => http.close());
    // 7 each second; commands other programs left for the shards
    undo.push(startHeartbeat(shards, application, desk));
    const inbox = new InboxFeed(dataDirectory, shards);
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
