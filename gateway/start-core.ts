// The inside of a gateway, before anybody may connect: shards recovered, parameters in force, session logs caught up, desks put together, the day loaded.
import { join } from 'node:path';
import type { SlicePoolName } from '../engine/index.ts';
import { EventReader, NightPool, type Shards, startShards } from '../workers/index.ts';
import type { Config } from './config.ts';
import { systemClock } from './fix/index.ts';
import { Figures } from './http/figures.ts';
import type { Logger } from './log.ts';
import { rehearsalClock } from './rehearsal-clock.ts';
import { AccountDirectory } from './risk/account-directory.ts';
import { CommandIntake } from './risk/command-intake.ts';
import { CommandSender } from './risk/command-sender.ts';
import { type DayLoad, DayLoader } from './risk/day-loader.ts';
import { InstrumentResolver } from './risk/instrument-resolver.ts';
import { type DeskGround, type OpenedDesks, openDesks } from './risk/open-desks.ts';
import { openRiskSessions } from './risk/open-sessions.ts';
import { ParameterDesk } from './risk/parameter-desk.ts';
import { PeakWatch } from './risk/peak-watch.ts';
import { ReportEncoder } from './risk/report-encoder.ts';
import { RiskApplication } from './risk/risk-application.ts';
import type { RiskSession } from './risk/risk-session.ts';
import type { MemberLimits } from './risk/slice-desk.ts';
import { StatusDesk } from './risk/status-desk.ts';
import { CommandTraces } from './trace/command-traces.ts';
import { echoTraces } from './trace/echo-traces.ts';
import { SpanExporter } from './trace/span-exporter.ts';

/** What connections are opened over. */
export interface GatewayCore {
  readonly shards: Shards;
  readonly instruments: InstrumentResolver;
  readonly figures: Figures;
  readonly parameters: ParameterDesk;
  readonly sessions: readonly RiskSession[];
  readonly application: RiskApplication;
  readonly spans: SpanExporter;
  readonly peaks: PeakWatch;
  readonly opened: OpenedDesks;
  /** Reports that the journals held and the session logs did not. */
  readonly missed: number;
  readonly day: DayLoad | undefined;
}

/** Starts the inside; what is to be undone is pushed as it comes to be, also when this rejects. */
export async function startCore(config: Config, log: Logger, undo: (() => unknown)[]): Promise<GatewayCore> {
  // 1 lock the directory, recover, start the shards
  const { dataDirectory, durability } = config;
  const mode = config.shards === 0 ? 'inline' : 'threads';
  const clock = config.rehearsal === undefined ? {} : { clock: rehearsalClock(config.rehearsal) };
  const shards = await startShards({ dataDir: dataDirectory, shards: Math.max(1, config.shards), mode, durability, ...clock });
  undo.push(() => shards.stop());
  const accounts = new AccountDirectory();
  for (const [account, slot] of shards.recovered.accounts()) accounts.learnText(account, slot);
  // 2 parameters
  const [instruments, encoder, figures] = [new InstrumentResolver(), new ReportEncoder(), new Figures()];
  const parameters = new ParameterDesk(shards, dataDirectory, instruments, encoder);
  const sender = new CommandSender(shards, () => application.pump());
  // 3 FIX sessions: logs, then what the journal holds beyond them
  const sessions = openRiskSessions(config, shards, systemClock);
  const reader = new EventReader(dataDirectory);
  const status = new StatusDesk(shards, accounts, instruments, log);
  const intake = new CommandIntake(shards, accounts, instruments);
  const now = (): number => (performance.timeOrigin + performance.now()) * 1_000;
  const spans = new SpanExporter(config.tracing, log);
  undo.push(() => spans.close());
  const traces = new CommandTraces(spans, log, now);
  const parts = { shards, accounts, intake, encoder, status, reader, figures, log, sender, traces, now, actionSession: config.actionSession };
  const application = new RiskApplication(parts, sessions);
  undo.push(
    () => reader.close(),
    () => application.close(),
  );
  application.watch((event) => traces.learn(event));
  sender.onNumbered = (origin, number) => traces.takeHttp(origin, number);
  echoTraces(config, sessions, traces);
  const missed = application.reportMissed();
  // 4 desks, and the day
  const pool = new NightPool();
  undo.push(() => pool.close());
  const peaks = new PeakWatch(join(dataDirectory, 'peaks.json'));
  undo.push(() => peaks.close());
  const opened = openDesks({
    shards,
    accounts,
    sender,
    parameters,
    instruments,
    sessions,
    peaks,
    pool,
    dataDirectory,
    log,
    ...houseRules(config),
    now,
  });
  undo.push(() => opened.close());
  application.watch(opened.see);
  const desk = opened.desks.gateway;
  await parameters.resume(await desk.refresh());
  const day = await loadDay(new DayLoader(sender, parameters, accounts, config), config.day, desk.openDate, log);
  await desk.refresh();
  await opened.covers.start();
  return { shards, instruments, figures, parameters, sessions, application, spans, peaks, opened, missed, day };
}

/** Loads the configured day, if there is one, and says what its directory lacks. */
async function loadDay(loader: DayLoader, directory: string | undefined, openDate: number, log: Logger): Promise<DayLoad | undefined> {
  if (directory === undefined) return undefined;
  const day = await loader.load(directory, openDate);
  for (const gap of day.gaps) log.warn({ day: directory }, gap);
  return day;
}

/** What desks go by. */
function houseRules(config: Config): Pick<DeskGround, 'member' | 'charges' | 'squareOff'> {
  const { policy, actionSession } = config;
  return {
    member: { marks: policy.memberRiskReduction, limits: memberLimits(config) },
    charges: config.charges,
    squareOff: { policy: config.squareOff, maxOrderValue: policy.maxOrderValue * 100, actionSession },
  };
}

/** What the member may use at each clearing corporation, and lend in all, paise. */
function memberLimits({ policy }: Config): MemberLimits {
  const limits = new Map<SlicePoolName, number>();
  for (const corporation of ['NCL', 'ICCL', 'MCXCCL'] as const) {
    const rupees = policy.memberLimits?.[corporation];
    if (rupees !== undefined) limits.set(corporation, rupees * 100);
  }
  if (policy.fundingTotal !== undefined) limits.set('FUNDING', policy.fundingTotal * 100);
  return limits;
}
