// One FIX session: identity, sequence numbers, the current state, and the buffer its messages are written to. Deterministic: time comes from the
// clock it is given, bytes from its link, and nothing happens between calls. What a message means is in inbound.ts and admin.ts; how states follow
// one another is in states/. An application uses the methods under "For the application".
import { asciiBytes } from '../codec/ascii.ts';
import { MessageView } from '../codec/message-view.ts';
import { MessageWriter } from '../codec/message-writer.ts';
import { fix44Dictionary } from '../dictionary/dictionary.ts';
import { Validator } from '../dictionary/validator.ts';
import { Schedule } from '../settings/schedule.ts';
import { type SessionSettings, sessionId } from '../settings/settings.ts';
import type { MessageStore } from '../store/message-store.ts';
import type { Application } from './application.ts';
import type { Clock } from './clock.ts';
import { Disposition } from './disposition.ts';
import { GapQueue } from './gap-queue.ts';
import { drainQueue } from './inbound.ts';
import type { Link } from './link.ts';
import { sendLogon, sendLogout } from './outbound-messages.ts';
import { ResendServer } from './resend-server.ts';
import { latent } from './states/latent.ts';
import { logonSent } from './states/logon-sent.ts';
import { logoutSent } from './states/logout-sent.ts';
import type { SessionState } from './states/session-state.ts';

/** What a session is made of. */
export interface SessionParts {
  readonly settings: SessionSettings;
  readonly application: Application;
  readonly store: MessageStore;
  readonly clock: Clock;
}

/** One session, across connections. Not for use from two threads. */
export class Session {
  readonly settings: SessionSettings;
  readonly application: Application;
  readonly store: MessageStore;
  /** "FIX.4.4:ISLD->TW44": BeginString, our CompID, theirs. */
  readonly id: string;
  readonly isInitiator: boolean;
  readonly schedule: Schedule;
  readonly validator: Validator | undefined;
  readonly writer: MessageWriter = new MessageWriter();
  readonly queue: GapQueue = new GapQueue();
  readonly resends: ResendServer = new ResendServer();
  /** View for messages taken from the queue. */
  readonly queuedView: MessageView = new MessageView();
  readonly beginString: Uint8Array;
  readonly senderCompId: Uint8Array;
  readonly targetCompId: Uint8Array;

  state: SessionState = latent;
  /** Microseconds since 1970 at the last call in. */
  time = 0;
  lastSent = 0;
  lastReceived = 0;
  /** When the Logon, ResendRequest or Logout being waited for was sent. */
  askedAt = 0;
  /** When the outstanding TestRequest was sent. */
  testedAt = 0;
  /** Seconds; 0 = no heartbeats. */
  heartBtInt: number;
  /** Highest number seen beyond the gap being filled; 0 = no gap. */
  gapEnd = 0;
  /** Last number asked for in the outstanding ResendRequest; 0 = all. */
  gapAsked = 0;
  /** The application stopped input. */
  paused = false;
  /** Inbound messages come faster than agreed: application messages are answered with BusinessMessageReject. */
  throttled = false;
  loggedOn = false;
  private readonly clock: Clock;
  private link: Link | undefined;
  private readonly head: Uint8Array;
  private readonly subIds: { readonly sender: Uint8Array | undefined; readonly target: Uint8Array | undefined };

  constructor(parts: SessionParts) {
    const settings = parts.settings;
    this.settings = settings;
    this.application = parts.application;
    this.store = parts.store;
    this.clock = parts.clock;
    this.id = sessionId(settings);
    this.isInitiator = settings.ConnectionType === 'initiator';
    this.heartBtInt = settings.HeartBtInt;
    this.schedule = new Schedule(settings);
    this.beginString = asciiBytes(settings.BeginString);
    this.senderCompId = asciiBytes(settings.SenderCompID);
    this.targetCompId = asciiBytes(settings.TargetCompID);
    this.head = asciiBytes(`8=${settings.BeginString}\x019=`);
    this.subIds = { sender: optionalBytes(settings.SenderSubID), target: optionalBytes(settings.TargetSubID) };
    this.validator =
      settings.UseDataDictionary && settings.BeginString === 'FIX.4.4' ? new Validator(fix44Dictionary(), settings.validation) : undefined;
  }

  // ── For the application ────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Grows by one at each restart of the sequence numbers. */
  get incarnation(): number {
    return this.store.incarnation;
  }

  /** True while outbound bytes are above the high-water mark: produce no more until Application.onDrain. */
  get congested(): boolean {
    return this.link !== undefined && this.link.backlog + this.writer.end > this.settings.OutboundHighWater;
  }

  /** Takes the next outbound MsgSeqNum(34) for an application message, connected or not. Log it, then open, write and seal. */
  reserve(): number {
    return this.store.takeOutbound(true);
  }

  /**
   * Starts application message `msgSeqNum` (from reserve): header up to TargetSubID(57) is written, the caller appends the rest in order.
   * False when not logged on: nothing is to be written; the counterparty will ask for the number after its next Logon.
   */
  open(msgType: string, msgSeqNum: number): boolean {
    if (!this.loggedOn) return false;
    this.refreshTime();
    this.writeHead(msgType, msgSeqNum, false);
    return true;
  }

  /** Starts an application message again, as a possible duplicate; `origSendingTime` in microseconds. For Application.reencode. */
  openResend(msgType: string, msgSeqNum: number, origSendingTime: number): MessageWriter {
    this.writeHead(msgType, msgSeqNum, true);
    return this.writer.timestamp(122, origSendingTime);
  }

  /** Ends the message opened last. It leaves at the next flush. */
  seal(): void {
    this.writer.finish();
    this.lastSent = this.time;
    this.boundOutbound();
  }

  /** Keeps the message just sealed for resending (stores of sessions without Application.reencode). */
  keepSealed(msgSeqNum: number): void {
    this.store.keep(msgSeqNum, this.writer.bytes, this.writer.start, this.writer.end);
  }

  /** Sends one application message: number, header, `body`, kept for resending, flushed at the end of the turn. Returns its MsgSeqNum(34). */
  send(msgType: string, body: (writer: MessageWriter) => void): number {
    const msgSeqNum = this.reserve();
    this.refreshTime();
    this.writeHead(msgType, msgSeqNum, false);
    body(this.writer);
    this.writer.finish();
    this.keepSealed(msgSeqNum);
    if (!this.loggedOn) {
      this.writer.abandon();
      return msgSeqNum;
    }
    this.lastSent = this.time;
    this.link?.wantWork();
    this.boundOutbound();
    return msgSeqNum;
  }

  /** Everything sealed leaves in one write. */
  flush(): void {
    this.link?.flush();
  }

  /** Lets input flow again after onMessage returned false or pause(). */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.link?.resume();
  }

  /** Stops reading after the current message. */
  pause(): void {
    this.paused = true;
  }

  /** Ends the session in the FIX way: Logout, wait for the answer, close. */
  logout(text: string): void {
    if (!this.loggedOn) return;
    this.refreshTime();
    this.sayGoodbye(text);
    this.flush();
  }

  /** Closes the connection at once, without a Logout. */
  drop(reason: string): void {
    this.link?.close(reason);
  }

  // ── For the connection ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

  get connected(): boolean {
    return this.link !== undefined;
  }

  /** A connection carries this session from now on. An initiator logs on. */
  attach(link: Link): void {
    this.refreshTime();
    this.link = link;
    this.lastReceived = this.time;
    this.lastSent = this.time;
    this.paused = false;
    this.writer.clear();
    if (!this.isInitiator) return;
    if (this.settings.ResetOnLogon || this.isNewSchedule()) this.reset();
    this.state = logonSent;
    this.askedAt = this.time;
    sendLogon(this, this.settings.ResetOnLogon, this.settings.EnableNextExpectedMsgSeqNum ? this.store.nextInbound : 0);
    this.flush();
  }

  /** The connection is gone. */
  detach(reason: string): void {
    const wasLoggedOn = this.loggedOn;
    this.link = undefined;
    this.loggedOn = false;
    this.paused = false;
    this.state = latent;
    this.closeGap();
    this.resends.clear();
    this.writer.clear();
    if (this.settings.ResetOnDisconnect) this.reset();
    if (wasLoggedOn) this.application.onLogout?.(this, reason);
  }

  /** One message that is not garbled. */
  receive(view: MessageView): Disposition {
    this.refreshTime();
    this.lastReceived = this.time;
    const earlier = drainQueue(this);
    if (earlier !== Disposition.TAKEN) return earlier;
    const disposition = this.state.receive(this, view);
    if (disposition !== Disposition.TAKEN || this.gapEnd === 0) return disposition;
    // HOLD here concerns a queued message only: this one is taken, and `paused` stops the reader.
    return drainQueue(this) === Disposition.CLOSE ? Disposition.CLOSE : Disposition.TAKEN;
  }

  /** Time passed: heartbeats, timeouts, schedule. Call a few times a second. */
  tick(): void {
    this.refreshTime();
    if (this.lastReceived > this.time) this.lastReceived = this.time;
    if (this.lastSent > this.time) this.lastSent = this.time;
    if (this.askedAt > this.time) this.askedAt = this.time;
    if (this.testedAt > this.time) this.testedAt = this.time;
    if (this.paused) this.lastReceived = this.time;
    if (this.link !== undefined) this.state.tick(this);
  }

  /** Background work, one chunk; true when more is left. */
  work(): boolean {
    this.refreshTime();
    return this.resends.work(this);
  }

  /** Asks the link for a turn of work. */
  wantWork(): void {
    this.link?.wantWork();
  }

  /** Input was resumed: what waits in the queue goes first. */
  replay(): Disposition {
    this.refreshTime();
    return drainQueue(this);
  }

  // ── For states and handlers ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Starts a session-level message with the next number. */
  openAdmin(msgType: string): MessageWriter {
    this.writeHead(msgType, this.store.takeOutbound(false), false);
    return this.writer;
  }

  /** Starts a possible duplicate whose OrigSendingTime the caller writes. */
  openResendHead(msgType: string, msgSeqNum: number): MessageWriter {
    this.writeHead(msgType, msgSeqNum, true);
    return this.writer;
  }

  /** Logout with a text, then wait for the answer. */
  sayGoodbye(text: string): void {
    sendLogout(this, text);
    this.askedAt = this.time;
    this.state = logoutSent;
  }

  /** Numbers to 1, gap forgotten, new incarnation. */
  reset(): void {
    this.store.reset(this.time);
    this.closeGap();
    this.resends.clear();
    this.application.onReset?.(this);
  }

  /** No gap is being filled any more. */
  closeGap(): void {
    this.gapEnd = 0;
    this.gapAsked = 0;
    this.queue.clear();
  }

  /** The number just handled was the expected one. */
  consume(): void {
    this.store.setNextInbound(this.store.nextInbound + 1);
  }

  /** Do the numbers belong to an earlier opening of the session's schedule? */
  isNewSchedule(): boolean {
    return this.store.createdAt < this.schedule.openedAt(this.time);
  }

  /** A counterparty that does not read is dropped before its bytes fill the memory. */
  private boundOutbound(): void {
    if (this.link !== undefined && this.link.backlog + this.writer.end > this.settings.OutboundBytesMax)
      this.drop('slow reader: too many outbound bytes');
  }

  private refreshTime(): void {
    this.time = this.clock.now();
  }

  private writeHead(msgType: string, msgSeqNum: number, possDup: boolean): void {
    const writer = this.writer;
    writer.begin(this.head);
    writer.text(35, msgType).int(34, msgSeqNum);
    if (possDup) writer.char(43, 0x59);
    writer.raw(49, this.senderCompId);
    if (this.subIds.sender !== undefined) writer.raw(50, this.subIds.sender);
    writer.timestamp(52, this.time).raw(56, this.targetCompId);
    if (this.subIds.target !== undefined) writer.raw(57, this.subIds.target);
  }
}

function optionalBytes(text: string): Uint8Array | undefined {
  return text === '' ? undefined : asciiBytes(text);
}
