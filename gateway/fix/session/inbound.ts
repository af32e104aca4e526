// The way of a message after logon: checks in the order counterparties certify, then its number, then its meaning. Messages ahead of a gap wait
// in the queue and pass the same way when their turn comes. A number is consumed exactly once, after its message was acted on.
import type { MessageView } from '../codec/message-view.ts';
import { Garble } from '../codec/message-view.ts';
import { RejectReason } from '../dictionary/reject-reason.ts';
import { handleAdmin, handleLogout, handleResendRequest, handleSequenceReset, handleSessionReset } from './admin.ts';
import { Disposition } from './disposition.ts';
import { MsgType } from './message-types.ts';
import { sendBusinessReject, sendReject, sendResendRequest } from './outbound-messages.ts';
import type { Session } from './session.ts';
import { inSession } from './states/in-session.ts';
import { logoutSent } from './states/logout-sent.ts';
import { recovering } from './states/recovering.ts';

const MICROS_PER_SECOND = 1_000_000;

/** Handles one message of a logged-on session; `queued` when it waited for a gap (its SendingTime was checked on arrival). */
export function receiveInSession(session: Session, view: MessageView, queued: boolean): Disposition {
  if (!view.equals(8, session.beginString)) return goodbye(session, 'Incorrect BeginString');
  const msgSeqNum = view.int(34);
  if (!(msgSeqNum >= 0)) return refuse(session, 'MsgSeqNum(34) is missing or not a number');
  const type = view.msgType;
  const reason = session.validator === undefined ? RejectReason.none : session.validator.check(view);
  if (reason !== RejectReason.none && type !== MsgType.logout) return rejectInvalid(session, view, msgSeqNum, reason);
  if (session.settings.CheckCompID && !hasOurCompIds(session, view)) return rejectAndLeave(session, view, msgSeqNum, RejectReason.compIdProblem);
  if (!queued && !isTimely(session, view)) return rejectAndLeave(session, view, msgSeqNum, RejectReason.sendingTimeAccuracy);
  if (type === MsgType.logout) return handleLogout(session, msgSeqNum);
  if (type === MsgType.sequenceReset && !view.flag(123)) return handleSequenceReset(session, view, msgSeqNum);
  if (type === MsgType.logon && view.flag(141)) return handleSessionReset(session, view, msgSeqNum);
  if (type === MsgType.resendRequest) handleResendRequest(session, view);
  const expected = session.store.nextInbound;
  if (msgSeqNum > expected) return holdForGap(session, view, msgSeqNum, type === MsgType.resendRequest);
  if (msgSeqNum < expected) return type === MsgType.resendRequest ? Disposition.TAKEN : receiveTooLow(session, view, msgSeqNum);
  return receiveExpected(session, view, msgSeqNum);
}

function receiveExpected(session: Session, view: MessageView, msgSeqNum: number): Disposition {
  if (view.flag(43) && view.timestamp(122) > view.timestamp(52)) return rejectAndLeave(session, view, msgSeqNum, RejectReason.sendingTimeAccuracy);
  if (isAdmin(view.msgType)) {
    handleAdmin(session, view);
    return Disposition.TAKEN;
  }
  if (session.throttled) sendBusinessReject(session, view, 0, 'Throttle limit exceeded');
  else if (!session.application.onMessage(session, view, msgSeqNum)) {
    session.paused = true;
    return Disposition.HOLD;
  }
  session.consume();
  return Disposition.TAKEN;
}

/** Takes from the queue whatever is next in sequence, and ends or prolongs the recovery. HOLD when the application takes no more. */
export function drainQueue(session: Session): Disposition {
  while (session.gapEnd > 0) {
    const expected = session.store.nextInbound;
    if (expected > session.gapEnd) {
      session.closeGap();
      if (session.state === recovering) session.state = inSession;
      break;
    }
    const waiting = session.queue.get(expected);
    if (waiting === undefined) {
      if (session.gapAsked > 0 && expected > session.gapAsked) askForGap(session);
      break;
    }
    if (waiting.length === 0) session.consume();
    else if (session.queuedView.scan(waiting, 0, waiting.length) !== Garble.none) session.consume();
    else {
      const disposition = receiveInSession(session, session.queuedView, true);
      if (disposition !== Disposition.TAKEN) return disposition;
    }
    session.queue.remove(expected);
    if (session.state === logoutSent) break;
  }
  return Disposition.TAKEN;
}

/** A message ahead of the expected number: keep it, and ask for the gap unless that was done. */
function holdForGap(session: Session, view: MessageView, msgSeqNum: number, served: boolean): Disposition {
  if (served) session.queue.addServed(msgSeqNum);
  else if (!session.queue.add(msgSeqNum, view.bytes, view.start, view.end)) return Disposition.TAKEN;
  openGap(session, msgSeqNum);
  return Disposition.TAKEN;
}

/** Everything below `msgSeqNum` that is missing is asked for, once. */
export function openGap(session: Session, msgSeqNum: number): void {
  const asked = session.gapEnd > 0;
  session.gapEnd = Math.max(session.gapEnd, msgSeqNum);
  if (!asked) askForGap(session);
}

/** Sends a ResendRequest from the expected number on and waits in the recovering state. */
export function askForGap(session: Session): void {
  const begin = session.store.nextInbound;
  const chunk = session.settings.ResendRequestChunkSize;
  session.gapAsked = chunk === 0 ? 0 : begin + chunk - 1;
  session.askedAt = session.time;
  session.state = recovering;
  sendResendRequest(session, begin, session.gapAsked);
}

function receiveTooLow(session: Session, view: MessageView, msgSeqNum: number): Disposition {
  if (!view.flag(43)) return refuse(session, `MsgSeqNum too low, expecting ${session.store.nextInbound} but received ${msgSeqNum}`);
  const orig = view.timestamp(122);
  if (Number.isNaN(orig)) sendReject(session, view, RejectReason.requiredTagMissing, '122');
  else if (orig > view.timestamp(52)) return rejectAndLeave(session, view, msgSeqNum, RejectReason.sendingTimeAccuracy);
  return Disposition.TAKEN;
}

/** Reject(3). Consumes the number if it is the expected one; ahead of it the message is asked for again and judged in its turn. */
function rejectInvalid(session: Session, view: MessageView, msgSeqNum: number, reason: RejectReason): Disposition {
  const refTag = session.validator?.refTag ?? '';
  const expected = session.store.nextInbound;
  const anyNumber = view.msgType === MsgType.resendRequest || view.msgType === MsgType.sequenceReset;
  if (msgSeqNum > expected && !anyNumber) {
    openGap(session, msgSeqNum);
    return Disposition.TAKEN;
  }
  if (msgSeqNum < expected && !anyNumber && !view.flag(43)) return receiveTooLow(session, view, msgSeqNum);
  sendReject(session, view, reason, reason === RejectReason.invalidMsgType ? '' : refTag);
  if (msgSeqNum === expected) session.consume();
  return Disposition.TAKEN;
}

/** A fault that ends the session: Reject, Logout, wait. */
function rejectAndLeave(session: Session, view: MessageView, msgSeqNum: number, reason: RejectReason): Disposition {
  sendReject(session, view, reason, '');
  if (msgSeqNum === session.store.nextInbound) session.consume();
  return goodbye(session, '');
}

function goodbye(session: Session, text: string): Disposition {
  session.sayGoodbye(text);
  return Disposition.TAKEN;
}

/** Logout with a text and no waiting. */
function refuse(session: Session, text: string): Disposition {
  session.sayGoodbye(text);
  return Disposition.CLOSE;
}

function hasOurCompIds(session: Session, view: MessageView): boolean {
  return view.equals(49, session.targetCompId) && view.equals(56, session.senderCompId);
}

/**
 * Is SendingTime(52) within MaxLatency of our clock? A timestamp without fraction means any moment of its second; one ahead of us is taken at the
 * second's end.
 */
export function isTimely(session: Session, view: MessageView): boolean {
  if (!session.settings.CheckLatency) return true;
  const i = view.index(52);
  const sent = view.timestamp(52);
  if (i < 0 || Number.isNaN(sent)) return false;
  const whole = (view.ends[i] as number) - (view.starts[i] as number) === 17 && sent > session.time;
  const distance = whole ? sent + MICROS_PER_SECOND - 1 - session.time : Math.abs(session.time - sent);
  return distance <= session.settings.MaxLatency * MICROS_PER_SECOND;
}

function isAdmin(type: number): boolean {
  return (type >= MsgType.heartbeat && type <= MsgType.logout) || type === MsgType.logon;
}
