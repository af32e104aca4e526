// Listens, and joins each connection to the session its first Logon names. One port carries many sessions; one session has one connection at a time.
// A connection that does not log on in time, or may not, is closed without a word; the owner is told why.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { MessageView } from '../codec/message-view.ts';
import type { Session } from '../session/session.ts';
import { AddressList } from './address-list.ts';
import { Connection } from './connection.ts';

/** What an acceptor may be told beyond its sessions. */
export interface AcceptorOptions {
  /** node:tls options; with requestCert and rejectUnauthorized a client certificate is demanded. Absent = plain TCP. */
  readonly tls?: TlsOptions;
  /** Milliseconds between ticks of all sessions; 0 = the owner calls tick(). Default 100. */
  readonly tickMillis?: number;
  /** Told of each connection closed, and why; for logs. */
  readonly onClosed?: (session: Session | undefined, reason: string, remoteAddress: string, wasLoggedOn: boolean) => void;
}

const LOGON_WITHIN_MILLIS = 10_000;

const ID_SHOWN_MAX = 80;

/** A stranger's text, fit for a log. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, ID_SHOWN_MAX);

/** A listening port, or several, and the sessions behind it. */
export class FixAcceptor {
  readonly sessions: readonly Session[];
  private readonly byId = new Map<string, { readonly session: Session; readonly allowed: AddressList }>();
  private readonly options: AcceptorOptions;
  private readonly connections = new Map<Connection, number>();
  private readonly servers: Server[] = [];
  private readonly maxMessageBytes: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(sessions: readonly Session[], options: AcceptorOptions = {}) {
    this.sessions = sessions;
    this.options = options;
    this.maxMessageBytes = Math.max(...sessions.map((session) => session.settings.MaxMessageSize));
    for (const session of sessions) this.byId.set(session.id, { session, allowed: new AddressList(session.settings.AllowedRemoteAddresses) });
  }

  /** Listens on one more port (0 = any free one) and resolves to it. Rejects with the system's error when the port cannot be had. */
  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    const accept = (socket: Socket): void => this.accepted(socket);
    const server = this.options.tls === undefined ? createServer(accept) : createTlsServer(this.options.tls, accept);
    // A failed TLS handshake concerns that client only.
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.servers.push(server);
    const every = this.options.tickMillis ?? 100;
    if (this.timer === undefined && every > 0) this.timer = setInterval(() => this.tick(), every);
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Heartbeats and timeouts of every connection. */
  tick(): void {
    const now = Date.now();
    for (const [connection, since] of this.connections) {
      if (connection.session === undefined && now - since > LOGON_WITHIN_MILLIS) connection.close('no Logon in time');
      else connection.tick();
    }
  }

  /** Connections open now. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** Stops listening, says Logout on every session, and closes every connection at once. */
  async close(reason = 'acceptor stopped'): Promise<void> {
    clearInterval(this.timer);
    const closed = this.servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const connection of [...this.connections.keys()]) {
      connection.session?.logout(reason);
      connection.close(reason);
    }
    await Promise.all(closed);
  }

  private accepted(socket: Socket): void {
    // Gone from the socket once it is closed.
    const remoteAddress = socket.remoteAddress ?? '';
    const connection = new Connection(
      socket,
      this.maxMessageBytes,
      (view) => this.choose(view, remoteAddress),
      (closed, reason) => {
        this.connections.delete(closed);
        this.options.onClosed?.(closed.session, reason, remoteAddress, closed.wasLoggedOn);
      },
    );
    this.connections.set(connection, Date.now());
  }

  private choose(view: MessageView, remoteAddress: string): Session | string {
    const id = `${view.text(8)}:${view.text(56)}->${view.text(49)}`;
    const found = this.byId.get(id);
    if (found === undefined) return `no session ${printable(id)}`;
    if (!found.allowed.admits(remoteAddress)) return `${id} may not connect from this address`;
    return found.session.connected ? `${id} is connected already` : found.session;
  }
}
