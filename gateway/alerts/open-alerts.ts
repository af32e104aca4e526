// The alerts of a gateway, put together: book, watchers, webhook.
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventView } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import type { Logger } from '../log.ts';
import { ALERT_KINDS } from './alert.ts';
import { AlertBook } from './alert-book.ts';
import type { AlertConfig } from './alert-config.ts';
import { EngineWatch } from './engine-watch.ts';
import { FundedWatch } from './funded-watch.ts';
import { type GatewayFigures, GatewayWatch } from './gateway-watch.ts';
import { webhookKey } from './webhook-signature.ts';
import { WebhookSink } from './webhook-sink.ts';

const DISK_LOOK_MS = 10_000;
const MIB = 1 << 20;

/** What the alerts are made of. */
export interface AlertParts {
  readonly config: AlertConfig;
  readonly dataDirectory: string;
  readonly shards: Pick<Shards, 'query'>;
  /** Does the house buy shares for clients (MTF)? */
  readonly isFunding: boolean;
  readonly figures: Omit<GatewayFigures, 'diskFreeMiB'>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Running alerts. */
export interface Alerts {
  readonly book: AlertBook;
  readonly webhook: WebhookSink | undefined;
  /** MiB free where the journal is, as seen last. */
  readonly diskFreeMiB: () => number;
  /** Shows the watchers an event. */
  learn(event: EventView): void;
  close(): void;
}

/** Opens the book and starts watching. Throws when the webhook's secret cannot be read. */
export function openAlerts(parts: AlertParts): Alerts {
  const { config, dataDirectory, shards, figures, log, now } = parts;
  const book = new AlertBook(join(dataDirectory, 'alerts.jsonl'), now);
  const disk = watchDisk(dataDirectory);
  const engine = new EngineWatch(shards, book, now);
  const gateway = new GatewayWatch({ ...figures, diskFreeMiB: disk.freeMiB }, book, config);
  const webhook =
    config.webhook === undefined
      ? undefined
      : new WebhookSink({ url: config.webhook.url, key: webhookKey(readFileSync(config.webhook.secretFile, 'utf8')), log });
  book.onChange((alert, change) => {
    webhook?.tell(alert, change);
    if (change === 'repeated') return;
    const { id, kind, severity, subject, text } = alert;
    const isClient = ALERT_KINDS[kind].subject === 'account' || ALERT_KINDS[kind].subject === 'scope';
    log[severity === 'critical' && change === 'raised' ? 'error' : 'warn'](
      { alert: id, kind, severity, ...(isClient ? {} : { subject }), change },
      text,
    );
  });
  engine.start();
  const funded = new FundedWatch(shards, book);
  if (parts.isFunding) funded.start();
  gateway.start(now);
  return {
    book,
    webhook,
    diskFreeMiB: disk.freeMiB,
    learn: (event) => engine.learn(event),
    close() {
      engine.stop();
      funded.stop();
      gateway.stop();
      disk.stop();
      webhook?.close();
      book.close();
    },
  };
}

/** Asks for the free space now and then; unlimited until the first answer, and where the system does not say. */
function watchDisk(directory: string): { freeMiB: () => number; stop: () => void } {
  let free = Number.POSITIVE_INFINITY;
  const look = (): void => {
    statfs(directory).then(
      ({ bavail, bsize }) => {
        free = (bavail * bsize) / MIB;
      },
      () => undefined,
    );
  };
  look();
  const timer = setInterval(look, DISK_LOOK_MS);
  return { freeMiB: () => free, stop: () => clearInterval(timer) };
}
