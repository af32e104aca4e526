// A session's memory for the FIX layer, kept in its SessionLog. Inbound numbers are not stored one by one: after a crash the expected number is the
// lowest that is neither known durable (the watermark) nor known answered; what comes again is dropped by the shards.
import type { MessageStore } from '../fix/index.ts';
import type { SessionLog } from './session-log.ts';

const RESEND_KIND_BODY = 0;

export class SessionStore implements MessageStore {
  readonly log: SessionLog;
  createdAt: number;
  nextInbound: number;
  /** Inbound number of the message being handled, which a kept answer is tied to. */
  answering = 0;
  /** Called after numbers restarted. */
  onReset: (() => void) | undefined;
  private awaitingBody = false;
  private readonly now: () => number;

  /** `now` gives microseconds since 1970. */
  constructor(log: SessionLog, now: () => number) {
    this.log = log;
    this.now = now;
    if (log.createdAt === 0) log.stamp(now());
    this.createdAt = log.createdAt;
    // Lower than need be, and safe: the watermark is written behind the journal, so what it does not know of may be folded already. The OMS then sends a few
    // messages again, and each is dropped where it was folded, by (session, incarnation, MsgSeqNum). Nothing else knows more for less: a slot keeps the
    // last number it folded, not whether a lower one for another slot was written, and too high a number would lose that order for ever.
    this.nextInbound = log.watermark + 1;
    while (log.answered.has(this.nextInbound)) this.nextInbound += 1;
  }

  get incarnation(): number {
    return this.log.incarnation;
  }

  get nextOutbound(): number {
    return this.log.nextOutbound;
  }

  /** An application message's entry is written by keep(), once its bytes are known; until then its number is only promised. */
  takeOutbound(isApplication: boolean): number {
    this.settlePromise();
    if (!isApplication) return this.log.appendAdmin(0, this.now());
    this.awaitingBody = true;
    return this.log.nextOutbound;
  }

  keep(msgSeqNum: number, bytes: Uint8Array, start: number, end: number): void {
    if (!this.awaitingBody || msgSeqNum !== this.log.nextOutbound) throw new RangeError(`message ${msgSeqNum} was not the one promised`);
    this.awaitingBody = false;
    this.log.appendBody(bytes.subarray(start, end), RESEND_KIND_BODY, this.now(), this.answering);
  }

  /** Kept bytes are read by the application's reencode, which knows what kind of entry it is. */
  message(_msgSeqNum: number): undefined {
    return undefined;
  }

  setNextInbound(msgSeqNum: number): void {
    this.nextInbound = msgSeqNum;
  }

  setNextOutbound(msgSeqNum: number): void {
    this.settlePromise();
    this.log.skipOutboundTo(msgSeqNum);
  }

  reset(at: number): void {
    this.awaitingBody = false;
    this.createdAt = at;
    this.nextInbound = 1;
    this.log.reset(at);
    this.onReset?.();
  }

  /** Everything promised or appended is on disk after this; call before bytes go to the socket. */
  commit(): void {
    this.settlePromise();
    this.log.flush();
  }

  close(): void {
    this.settlePromise();
    this.log.close();
  }

  /** A number promised to a message that was never written is gap-filled when asked for. */
  private settlePromise(): void {
    if (!this.awaitingBody) return;
    this.awaitingBody = false;
    this.log.appendAdmin(0, this.now());
  }
}
