// What keeps an eye on a running gateway: market data, alerts, and the figures of both for /metrics. Started after the day is loaded, stopped before the
// shards are.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { EventView } from '../../engine/index.ts';
import { parametersDirectory, type Shards } from '../../workers/index.ts';
import { ALERT_KINDS, type AlertKind } from '../alerts/alert.ts';
import { type Alerts, openAlerts } from '../alerts/open-alerts.ts';
import type { Config } from '../config.ts';
import { Schedule } from '../fix/settings/schedule.ts';
import type { Figures } from '../http/figures.ts';
import type { Gauges } from '../http/metrics.ts';
import type { Logger } from '../log.ts';
import { MarketData } from '../market-data/market-data.ts';
import { openSource } from '../market-data/open-source.ts';
import type { ParameterDesk } from '../risk/parameter-desk.ts';
import type { RiskSession } from '../risk/risk-session.ts';
import type { SpanExporter } from '../trace/span-exporter.ts';
import { CheckpointAge } from './checkpoint-age.ts';

const LOOK_MS = 1_000;
const MIB = 1 << 20;

/** What there is to watch. */
export interface WatchParts {
  readonly config: Config;
  readonly log: Logger;
  readonly shards: Shards;
  readonly sessions: readonly RiskSession[];
  readonly parameters: ParameterDesk;
  readonly figures: Figures;
  readonly spans: SpanExporter;
  readonly isDayOpen: () => boolean;
  /** Shows a watcher every event from now on. */
  readonly watch: (watcher: (event: EventView) => void) => void;
}

/** The watch of a running gateway. */
export interface GatewayWatching {
  readonly feed: MarketData;
  readonly alerts: Alerts;
  readonly gauges: Gauges;
  /** Seconds since the parameter table in force was stored; 0 without one. */
  readonly parametersAge: () => number;
  stop(): Promise<void>;
}

/** Starts market data and alerts. Rejects when a file they are configured with cannot be read. */
export async function watchGateway(parts: WatchParts): Promise<GatewayWatching> {
  const { config, log, shards, parameters, figures } = parts;
  const tableInForce = (): typeof parameters.table => parameters.table;
  const source = openSource(config.marketData, tableInForce);
  const feed = new MarketData({ config: config.marketData, source, shards, tableInForce, log, now: Date.now });
  const parametersAge = ageOfParameters(config.dataDirectory, parameters);
  const checkpoint = new CheckpointAge();
  const schedules = config.fix.sessions.map((settings) => new Schedule(settings));
  const alerts = openAlerts({
    config: config.alerts,
    dataDirectory: config.dataDirectory,
    shards,
    isFunding: config.policy.fundingLimit !== undefined,
    log,
    now: Date.now,
    figures: {
      isDayOpen: parts.isDayOpen,
      feed: () => feed.view(),
      parameters: () => ({ label: parameters.label, ageMinutes: parametersAge() / 60 }),
      checkpointLag: () => shards.gauges().checkpointLag,
      rejects: () => figures.rejects,
      sessions: () =>
        parts.sessions.map(({ name, session, store }, index) => ({
          name,
          loggedOn: session?.loggedOn === true,
          isKnown: store.nextInbound > 1,
          isScheduled: schedules[index]?.isOpen(Date.now() * 1_000) === true,
        })),
    },
  });
  parts.watch((event) => {
    feed.learn(event);
    alerts.learn(event);
  });
  const timer = setInterval(() => {
    const { folded, checkpointLag } = shards.gauges();
    checkpoint.look(folded, checkpointLag, Date.now());
  }, LOOK_MS);
  await feed.start();
  return {
    feed,
    alerts,
    parametersAge,
    gauges: { ...feedGauges(feed), ...alertGauges(alerts, parts.spans), ...houseGauges(parts, checkpoint, parametersAge, alerts) },
    async stop() {
      clearInterval(timer);
      await feed.stop();
      alerts.close();
    },
  };
}

/** Age by the time the table's file was stored, looked up once per table. */
function ageOfParameters(dataDirectory: string, parameters: ParameterDesk): () => number {
  let hash = '';
  let storedAt = 0;
  return () => {
    if (parameters.hash === '') return 0;
    if (parameters.hash !== hash) {
      hash = parameters.hash;
      try {
        storedAt = statSync(join(parametersDirectory(dataDirectory), `${hash}.table`)).mtimeMs;
      } catch {
        // Removed under our feet: its age counts from now.
        storedAt = Date.now();
      }
    }
    return Math.max(0, (Date.now() - storedAt) / 1_000);
  };
}

function houseGauges(parts: WatchParts, checkpoint: CheckpointAge, parametersAge: () => number, alerts: Alerts): Gauges {
  return {
    tarazu_checkpoint_lag_seconds: { help: 'Age of the first command that the tables on disk lack', read: () => checkpoint.seconds },
    tarazu_parameters_age_seconds: { help: 'Seconds since the parameter table in force was stored', read: parametersAge },
    tarazu_day_open: { help: '1 while the business day is open', read: () => (parts.isDayOpen() ? 1 : 0) },
    tarazu_disk_free_bytes: {
      help: 'Bytes free where the journal is written; -1 while unknown',
      read: () => (Number.isFinite(alerts.diskFreeMiB()) ? alerts.diskFreeMiB() * MIB : -1),
    },
  };
}

function feedGauges(feed: MarketData): Gauges {
  const counts = (label: string, read: () => Readonly<Record<string, number>>): Pick<Gauges[string], 'labels' | 'read'> => ({
    labels: [label],
    read: () => Object.entries(read()).map(([name, value]) => ({ labels: { [label]: name }, value })),
  });
  const perSegment = (read: (segment: ReturnType<MarketData['view']>['segments'][number]) => number): Pick<Gauges[string], 'labels' | 'read'> => ({
    labels: ['exchange'],
    read: () => feed.view().segments.map((segment) => ({ labels: { exchange: segment.exchange }, value: read(segment) })),
  });
  return {
    tarazu_feed_up: {
      help: '1 while the market-data source delivers, or none is configured',
      read: () => (['up', 'off'].includes(feed.view().state) ? 1 : 0),
    },
    tarazu_feed_age_seconds: { help: 'Seconds since the last believed tick; -1 before the first', read: () => feed.view().age_seconds ?? -1 },
    tarazu_feed_instruments: { help: 'Instruments held or worked, by exchange segment', ...perSegment(({ instruments }) => instruments) },
    tarazu_feed_stale_instruments: { help: 'Of these, without a fresh price', ...perSegment(({ stale }) => stale) },
    tarazu_feed_ticks_total: { help: 'Ticks believed', kind: 'counter', read: () => feed.view().ticks },
    tarazu_feed_bad_ticks_total: { help: 'Ticks not believed, by reason', kind: 'counter', ...counts('reason', () => feed.view().bad_ticks) },
    tarazu_feed_source_total: {
      help: 'What the source counts of itself: reconnects, malformed packets, unreadable lines',
      kind: 'counter',
      ...counts('what', () => feed.sourceCounters),
    },
    tarazu_feed_marks_total: { help: 'Prices sent to the shards', kind: 'counter', read: () => feed.marks.marks },
  };
}

function alertGauges({ book, webhook }: Alerts, spans: SpanExporter): Gauges {
  const kinds = Object.keys(ALERT_KINDS) as AlertKind[];
  return {
    tarazu_alerts_active: {
      help: 'Alerts whose condition lasts',
      labels: ['kind', 'severity'],
      read: () => {
        const counts = new Map<AlertKind, number>();
        for (const { kind } of book.activeAlerts()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
        return kinds.map((kind) => ({ labels: { kind, severity: ALERT_KINDS[kind].severity }, value: counts.get(kind) ?? 0 }));
      },
    },
    tarazu_alerts_raised_total: {
      help: 'Alerts raised since the start',
      kind: 'counter',
      labels: ['kind'],
      read: () => kinds.map((kind) => ({ labels: { kind }, value: book.raised[kind] })),
    },
    tarazu_webhook_messages_total: {
      help: 'Alert webhooks by outcome',
      kind: 'counter',
      labels: ['outcome'],
      read: () => (['delivered', 'failed', 'dropped'] as const).map((outcome) => ({ labels: { outcome }, value: webhook?.[outcome] ?? 0 })),
    },
    tarazu_webhook_waiting: { help: 'Alert webhooks waiting to be delivered', read: () => webhook?.waiting ?? 0 },
    tarazu_spans_total: {
      help: 'Trace spans by outcome',
      kind: 'counter',
      labels: ['outcome'],
      read: () => (['exported', 'dropped'] as const).map((outcome) => ({ labels: { outcome }, value: spans[outcome] })),
    },
  };
}
