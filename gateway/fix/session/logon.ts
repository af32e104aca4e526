// Logon, both sides. An acceptor refuses without a word what no honest counterparty sends, and with Logout(58) what the application or the numbers forbid.
import type { MessageView } from '../codec/message-view.ts';
import { RejectReason } from '../dictionary/reject-reason.ts';
import { Disposition } from './disposition.ts';
import { isTimely, openGap } from './inbound.ts';
import { sendLogon, sendLogout } from './outbound-messages.ts';
import type { Session } from './session.ts';
import { inSession } from './states/in-session.ts';

/** Answers a Logon on an acceptor's session, or refuses it. */
export function acceptLogon(session: Session, view: MessageView): Disposition {
  if (!isAcceptable(session, view)) return Disposition.CLOSE;
  const refusal = session.application.canLogon?.(session, view);
  if (refusal !== undefined) return refuse(session, refusal);
  const asksReset = view.flag(141);
  if (asksReset || session.settings.ResetOnLogon || session.isNewSchedule()) session.reset();
  const msgSeqNum = view.int(34);
  const expected = session.store.nextInbound;
  if (asksReset && msgSeqNum !== 1) return refuse(session, 'MsgSeqNum(34) must be 1 when ResetSeqNumFlag(141) is Y');
  if (msgSeqNum < expected && !view.flag(43)) return refuse(session, `MsgSeqNum too low, expecting ${expected} but received ${msgSeqNum}`);
  const peerNext = nextExpectedByPeer(session, view);
  if (peerNext > session.store.nextOutbound) {
    return refuse(session, `NextExpectedMsgSeqNum(789) too high, expecting at most ${session.store.nextOutbound} but received ${peerNext}`);
  }
  session.heartBtInt = view.int(108);
  const answerNext = msgSeqNum === expected ? expected + 1 : expected;
  const sentBefore = session.store.nextOutbound - 1;
  sendLogon(session, asksReset, session.settings.EnableNextExpectedMsgSeqNum ? answerNext : 0);
  begin(session);
  resendFrom(session, peerNext, sentBefore);
  return settleNumber(session, msgSeqNum, !Number.isNaN(peerNext));
}

/** The acceptor answered an initiator's Logon. */
export function completeLogon(session: Session, view: MessageView): Disposition {
  if (!isAcceptable(session, view)) {
    session.drop('Logon answer is not acceptable');
    return Disposition.TAKEN;
  }
  const msgSeqNum = view.int(34);
  if (view.flag(141) && !session.settings.ResetOnLogon) {
    session.reset();
    session.store.setNextOutbound(2);
  }
  const expected = session.store.nextInbound;
  if (msgSeqNum < expected && !view.flag(43)) return refuse(session, `MsgSeqNum too low, expecting ${expected} but received ${msgSeqNum}`);
  const peerNext = nextExpectedByPeer(session, view);
  begin(session);
  resendFrom(session, peerNext, session.store.nextOutbound - 1);
  return settleNumber(session, msgSeqNum, !Number.isNaN(peerNext));
}

/** NextExpectedMsgSeqNum(789) where the session uses it, else NaN. */
function nextExpectedByPeer(session: Session, view: MessageView): number {
  return session.settings.EnableNextExpectedMsgSeqNum ? view.int(789) : Number.NaN;
}

/** What the counterparty says it misses is sent without a ResendRequest. */
function resendFrom(session: Session, peerNext: number, last: number): void {
  if (!(peerNext <= last)) return;
  session.resends.request(Math.max(peerNext, 1), last);
  if (session.resends.work(session)) session.wantWork();
}

function begin(session: Session): void {
  session.state = inSession;
  session.loggedOn = true;
  session.application.onLogon?.(session);
}

/** Consumes the Logon's number, or asks for what came before it. */
function settleNumber(session: Session, msgSeqNum: number, peerResends: boolean): Disposition {
  const expected = session.store.nextInbound;
  if (msgSeqNum === expected) session.consume();
  else if (msgSeqNum > expected) {
    session.queue.addServed(msgSeqNum);
    if (peerResends) session.gapEnd = Math.max(session.gapEnd, msgSeqNum);
    else openGap(session, msgSeqNum);
  }
  return Disposition.TAKEN;
}

function isAcceptable(session: Session, view: MessageView): boolean {
  if (!view.equals(8, session.beginString) || !view.equals(49, session.targetCompId) || !view.equals(56, session.senderCompId)) return false;
  if (session.validator !== undefined && session.validator.check(view) !== RejectReason.none) return false;
  if (!isTimely(session, view) || !session.schedule.isOpen(session.time)) return false;
  if (session.settings.DefaultApplVerID !== '' && !view.has(1137)) return false;
  return view.int(34) >= 0 && view.int(108) >= 0 && view.int(98) === 0;
}

function refuse(session: Session, text: string): Disposition {
  sendLogout(session, text);
  return Disposition.CLOSE;
}
