// Connects one session to a counterparty, and again after every loss, waiting longer each time up to a bound. Same session core as the acceptor's.
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Session } from '../session/session.ts';
import { Connection } from './connection.ts';

/** What an initiator may be told beyond its session. */
export interface InitiatorOptions {
  /** node:tls options; absent = plain TCP. */
  readonly tls?: ConnectionOptions;
  /** Milliseconds between ticks; 0 = the owner calls tick(). Default 100. */
  readonly tickMillis?: number;
  /** Told of each connection lost or refused, and why. */
  readonly onClosed?: (reason: string) => void;
}

const BACKOFF_MAX = 16;

/** Keeps one session connected. */
export class FixInitiator {
  readonly session: Session;
  private readonly options: InitiatorOptions;
  private connection: Connection | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = true;

  constructor(session: Session, options: InitiatorOptions = {}) {
    this.session = session;
    this.options = options;
  }

  /** Starts connecting; the session logs on by itself. */
  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    const every = this.options.tickMillis ?? 100;
    if (every > 0) this.timer = setInterval(() => this.tick(), every);
    this.connect();
  }

  tick(): void {
    this.connection?.tick();
  }

  /** Says Logout, waits for the answer (bounded by LogoutTimeout), and does not reconnect. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    clearTimeout(this.retry);
    this.session.logout('');
    for (let waited = 0; this.session.loggedOn && waited < this.session.settings.LogoutTimeout * 1_000; waited += 10)
      await new Promise((resolve) => setTimeout(resolve, 10));
    this.connection?.close('stopped');
    clearInterval(this.timer);
  }

  /** Closes the connection as a crash would, and reconnects. */
  abort(): void {
    this.connection?.socket.destroy();
  }

  private connect(): void {
    const { SocketConnectHost: host, SocketConnectPort: port, MaxMessageSize } = this.session.settings;
    if (!this.session.schedule.isOpen(Date.now() * 1_000)) {
      this.connectLater('session hours are over');
      return;
    }
    let joined = false;
    const socket: Socket = this.options.tls === undefined ? connect({ host, port }) : connectTls({ ...this.options.tls, host, port });
    const onceUp = (): void => {
      joined = true;
      socket.off('error', onceFailed);
      // Stopped while the connection was being made: its session may have closed its store already.
      if (this.stopped) {
        socket.destroy();
        return;
      }
      this.connection = new Connection(
        socket,
        MaxMessageSize,
        () => 'an initiator is asked for no session',
        (_, reason) => this.lost(reason),
      );
      this.connection.adopt(this.session);
    };
    const onceFailed = (error: Error): void => {
      if (!joined) this.lost(error.message);
    };
    socket.once('error', onceFailed);
    socket.once(this.options.tls === undefined ? 'connect' : 'secureConnect', onceUp);
  }

  private lost(reason: string): void {
    if (this.connection !== undefined) this.failures = 0;
    this.connection = undefined;
    this.connectLater(reason);
  }

  private connectLater(reason: string): void {
    this.options.onClosed?.(reason);
    if (this.stopped) return;
    const wait = this.session.settings.ReconnectInterval * 1_000 * Math.min(2 ** this.failures, BACKOFF_MAX);
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), wait);
  }
}
