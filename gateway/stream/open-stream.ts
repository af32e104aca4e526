// The margin stream of a running gateway: sources over the desks, touched by the engine's events and the alerts' changes.
import type { EventView } from '../../engine/index.ts';
import type { AlertStore } from '../alerts/alert.ts';
import type { RateLimit } from '../config.ts';
import type { Authenticate } from '../http/auth/authenticator.ts';
import type { StreamFigures } from '../http/figures.ts';
import { RateLimiter } from '../http/rate-limit.ts';
import type { Logger } from '../log.ts';
import { ALERTS_TOPIC, AlertsSource } from './alerts-source.ts';
import { ClientSource, type ClientSourceParts } from './client-source.ts';
import { DeskSource, type HouseState } from './desk-source.ts';
import { EventTouch } from './event-touch.ts';
import { MarginStream } from './margin-stream.ts';

/** What the stream is made of. */
export interface OpenStreamParts extends ClientSourceParts {
  readonly authenticate: Authenticate;
  readonly house: () => HouseState;
  readonly alerts: AlertStore | undefined;
  readonly figures: StreamFigures;
  readonly log: Pick<Logger, 'error'>;
  /** Upgrades of one address that may be refused. */
  readonly refusalRate: RateLimit;
  /** Process start number of the data directory: names this process in stream ids. */
  readonly epoch: number;
  /** Shows every durable event from now on. */
  readonly watch: (watcher: (event: EventView) => void) => void;
}

/** Puts the stream together and starts it; `stop` it before the adapter closes. */
export function openStream(parts: OpenStreamParts): MarginStream {
  const { authenticate, figures, alerts } = parts;
  const clients = new ClientSource(parts);
  const desk = new DeskSource(parts.questions, parts.instruments, parts.house);
  const sources = [clients, desk, ...(alerts === undefined ? [] : [new AlertsSource(alerts)])];
  const touch = new EventTouch({
    account: (account) => stream.board.touch(ClientSource.topicOf(account)),
    slot: (slot) => desk.touch(slot),
    everyClient: () => stream.board.touchAll(clients),
  });
  const stream = new MarginStream({
    authenticate,
    sources,
    figures,
    failed: (topic, error) => parts.log.error({ kind: topic.split(':')[0], error }, 'a topic of the stream could not be read'),
    refusals: new RateLimiter('address', parts.refusalRate),
    run: `${parts.epoch.toString(36)}.${Date.now().toString(36)}`,
    now: () => performance.now(),
    followed: (topic) => {
      const account = clients.owns(topic) ? ClientSource.accountOf(topic) : '';
      // Names nobody has are not remembered.
      if (account !== '' && parts.questions.slotOf(account) >= 0) touch.follow(account);
    },
  });
  parts.watch((event) => touch.see(event));
  alerts?.onChange(() => stream.board.touch(ALERTS_TOPIC));
  stream.start();
  return stream;
}
