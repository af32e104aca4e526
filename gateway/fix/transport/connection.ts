// One TCP connection: bytes to messages to the session, and the session's buffer to the socket in one write per turn. It decides nothing about FIX
// beyond framing: a garbled message is dropped once a session is up, and ends the connection before that.
import type { Socket } from 'node:net';
import { Frame, FrameScanner } from '../codec/frame-scanner.ts';
import { Garble, MessageView } from '../codec/message-view.ts';
import { Disposition } from '../session/disposition.ts';
import type { Link } from '../session/link.ts';
import type { Session } from '../session/session.ts';
import { writeDirectly } from './direct-write.ts';
import { InboundThrottle } from './inbound-throttle.ts';

/** Chooses the session a first message belongs to; a text refuses and says why. */
export type SessionChooser = (view: MessageView, connection: Connection) => Session | string;

const SPARE_BUFFERS_MAX = 4;
/** Larger buffers, left from a burst, are not kept. */
const SPARE_BYTES_MAX = 1_048_576;
/** How long a closed connection may take to deliver its last bytes. */
const LINGER_MILLIS = 1_000;

/** One socket and the session it carries. */
export class Connection implements Link {
  readonly socket: Socket;
  session: Session | undefined;
  /** After its end: it had logged on. */
  wasLoggedOn = false;
  private readonly scanner: FrameScanner;
  private readonly view = new MessageView();
  private readonly choose: SessionChooser;
  private readonly onClosed: (connection: Connection, reason: string) => void;
  private readonly spare: Uint8Array[] = [];
  private throttle: InboundThrottle | undefined;
  private closing = '';
  private gone = false;
  private workWanted = false;
  private owesDrain = false;
  private reading = false;
  /** Of scanner.dropped, what the application knows. */
  private droppedTold = 0;

  constructor(socket: Socket, maxMessageBytes: number, choose: SessionChooser, onClosed: (connection: Connection, reason: string) => void) {
    this.socket = socket;
    this.scanner = new FrameScanner(maxMessageBytes);
    this.choose = choose;
    this.onClosed = onClosed;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Uint8Array) => this.received(chunk));
    socket.on('error', (error: Error) => this.finish(error.message));
    socket.on('close', () => this.finish('connection closed by counterparty'));
    socket.on('end', () => this.finish('connection closed by counterparty'));
  }

  // ── Link ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  get backlog(): number {
    return this.socket.writableLength;
  }

  flush(): void {
    const writer = this.session?.writer;
    if (writer === undefined || writer.end === 0 || this.gone) return;
    this.session?.store.commit?.();
    if (this.session?.congested === true) this.owesDrain = true;
    const length = writer.end;
    const taken = writeDirectly(this.socket, writer.bytes, length);
    if (taken === length) {
      writer.clear();
      if (this.owesDrain || this.session?.resends.busy === true) setImmediate(() => this.drained());
      return;
    }
    const full = writer.exchange(this.spare.pop() ?? new Uint8Array(16_384));
    this.socket.write(full.subarray(taken, length), () => {
      if (this.spare.length < SPARE_BUFFERS_MAX && full.length <= SPARE_BYTES_MAX) this.spare.push(full);
      this.drained();
    });
  }

  close(reason: string): void {
    if (this.closing !== '' || this.gone) return;
    this.closing = reason;
    // Closing from inside a message's handling would pull the session away under its feet.
    if (!this.reading) this.hangUp();
    else queueMicrotask(() => this.hangUp());
  }

  wantWork(): void {
    if (this.workWanted || this.gone) return;
    this.workWanted = true;
    setImmediate(() => this.work());
  }

  resume(): void {
    if (this.gone) return;
    setImmediate(() => {
      if (this.gone || this.session?.paused !== false) return;
      this.read(true);
    });
  }

  // ── Connection ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Gives the connection its session before any message (initiator). */
  adopt(session: Session): void {
    this.session = session;
    this.throttle = InboundThrottle.of(session.settings);
    session.attach(this);
  }

  /** Time passed. */
  tick(): void {
    if (this.throttle?.released(Date.now()) === true && this.session?.paused === false) this.read(false);
    this.session?.tick();
    this.flush();
  }

  private received(chunk: Uint8Array): void {
    if (this.gone) return;
    this.scanner.push(chunk);
    if (this.session?.paused === true || this.throttle?.holding === true) return;
    this.read(false);
  }

  /** Handles every whole message received, then flushes once. */
  private read(resumed: boolean): void {
    if (this.gone || this.closing !== '') return;
    this.reading = true;
    const blocked = resumed && this.session?.replay() === Disposition.HOLD;
    const reason = blocked ? '' : this.readMessages();
    this.reading = false;
    if (this.session !== undefined) this.session.application.onInputEnd?.(this.session);
    if (this.gone) return;
    this.flush();
    if (reason !== '') {
      this.closing = reason;
      this.hangUp();
    } else if (this.session?.paused === true || this.throttle?.holding === true) this.socket.pause();
    else if (this.socket.isPaused()) this.socket.resume();
  }

  /** Returns why the connection must close, or "". */
  private readMessages(): string {
    while (this.closing === '') {
      if (this.session?.paused === true) return '';
      const frame = this.scanner.next();
      if (this.session === undefined && this.scanner.dropped > 0) return 'first bytes are not a FIX message';
      if (frame === Frame.NONE) {
        if (this.scanner.dropped > this.droppedTold) this.tellGarbled();
        return '';
      }
      if (frame === Frame.OVERSIZED) return `message larger than ${this.scanner.maxBytes} bytes`;
      const above = this.throttle?.exceeded(Date.now()) === true;
      if (above && this.throttle?.holding === true) {
        this.scanner.unread();
        return '';
      }
      if (this.session !== undefined) this.session.throttled = above;
      const reason = this.readMessage();
      if (reason !== '') return reason;
    }
    return '';
  }

  private readMessage(): string {
    if (this.view.scan(this.scanner.bytes, this.scanner.start, this.scanner.end) !== Garble.none) {
      if (this.session?.loggedOn !== true) return 'first message is garbled';
      this.tellGarbled();
      return '';
    }
    if (this.session === undefined) {
      const session = this.choose(this.view, this);
      if (typeof session === 'string') return session;
      this.adopt(session);
    }
    const disposition = this.session?.receive(this.view) ?? Disposition.CLOSE;
    if (disposition === Disposition.HOLD) this.scanner.unread();
    if (disposition !== Disposition.CLOSE) return '';
    return this.session?.loggedOn === true ? 'closed by session' : 'the Logon is refused: its time, numbers or fields';
  }

  private tellGarbled(): void {
    this.droppedTold = this.scanner.dropped;
    if (this.session?.loggedOn === true) this.session.application.onGarbled?.(this.session);
  }

  private work(): void {
    this.workWanted = false;
    if (this.gone) return;
    const more = this.session?.work() === true;
    this.flush();
    if (more && this.session?.congested === false) this.wantWork();
  }

  /** A write was taken by the system: producers that were stopped go on, once there is room. */
  private drained(): void {
    if (this.gone || this.session === undefined || this.session.congested) return;
    if (this.session.resends.busy) this.wantWork();
    if (!this.owesDrain) return;
    this.owesDrain = false;
    this.session.application.onDrain?.(this.session);
  }

  private hangUp(): void {
    if (this.gone) return;
    this.flush();
    this.finish(this.closing);
  }

  /** The session lets go first; the socket then sends what it holds, and its FIN, and is closed for good a moment later. */
  private finish(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    const why = this.closing === '' ? reason : this.closing;
    this.wasLoggedOn = this.session?.loggedOn === true;
    this.session?.detach(why);
    this.onClosed(this, why);
    if (this.socket.destroyed) return;
    if (why.startsWith('slow reader')) {
      this.socket.destroy();
      return;
    }
    this.socket.end();
    this.socket.resume();
    setTimeout(() => this.socket.destroy(), LINGER_MILLIS).unref();
  }
}
