// What each session-level message does once the checks have passed. Logout, ResendRequest and SequenceReset-Reset act at any number; the others only in
// sequence.
import type { MessageView } from '../codec/message-view.ts';
import { RejectReason } from '../dictionary/reject-reason.ts';
import { Disposition } from './disposition.ts';
import { MsgType } from './message-types.ts';
import { sendHeartbeat, sendLogon, sendLogout, sendReject } from './outbound-messages.ts';
import type { Session } from './session.ts';
import { inSession } from './states/in-session.ts';

/** Heartbeat, TestRequest, Reject, SequenceReset-GapFill, a second Logon, a ResendRequest already served: all at the expected number. */
export function handleAdmin(session: Session, view: MessageView): void {
  switch (view.msgType) {
    case MsgType.testRequest:
      sendHeartbeat(session, view);
      break;
    case MsgType.sequenceReset:
      handleGapFill(session, view);
      return;
    case MsgType.reject:
      session.application.onReject?.(session, view);
      break;
    case MsgType.logon:
      sendLogon(session, false, 0);
      break;
    default:
      break;
  }
  session.consume();
}

/** The counterparty leaves, or answers our leaving. */
export function handleLogout(session: Session, msgSeqNum: number): Disposition {
  if (msgSeqNum === session.store.nextInbound) session.consume();
  sendLogout(session, '');
  return leave(session);
}

/** Closes after a completed Logout exchange. */
export function leave(session: Session): Disposition {
  if (session.settings.ResetOnLogout) session.reset();
  return Disposition.CLOSE;
}

/** Starts answering; out of range or malformed ranges are cut to what was sent. */
export function handleResendRequest(session: Session, view: MessageView): void {
  const begin = Math.max(view.int(7), 1);
  const asked = view.int(16);
  const last = session.store.nextOutbound - 1;
  const end = asked === 0 || asked > last ? last : asked;
  if (!(begin <= end)) return;
  session.resends.request(begin, end);
  if (session.resends.work(session)) session.wantWork();
}

/** SequenceReset-Reset: the number it carries does not matter. */
export function handleSequenceReset(session: Session, view: MessageView, _msgSeqNum: number): Disposition {
  const next = view.int(36);
  const expected = session.store.nextInbound;
  if (next > expected) {
    session.closeGap();
    session.state = inSession;
    session.store.setNextInbound(next);
  } else if (!(next === expected)) sendReject(session, view, RejectReason.valueIncorrect, '');
  return Disposition.TAKEN;
}

function handleGapFill(session: Session, view: MessageView): void {
  const next = view.int(36);
  if (next > session.store.nextInbound) {
    session.store.setNextInbound(next);
    return;
  }
  sendReject(session, view, RejectReason.valueIncorrect, '36');
  session.consume();
}

/** Logon with ResetSeqNumFlag during a session: both sides restart at 1. */
export function handleSessionReset(session: Session, view: MessageView, msgSeqNum: number): Disposition {
  if (msgSeqNum !== 1) {
    session.sayGoodbye('MsgSeqNum(34) must be 1 when ResetSeqNumFlag(141) is Y');
    return Disposition.TAKEN;
  }
  const heartBtInt = view.int(108);
  if (heartBtInt >= 0) session.heartBtInt = heartBtInt;
  session.reset();
  session.state = inSession;
  sendLogon(session, true, 0);
  session.consume();
  return Disposition.TAKEN;
}
