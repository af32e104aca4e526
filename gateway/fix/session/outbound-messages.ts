// Writes the session layer's own messages. Field order is header, then body, each ascending; counterparties compare it exactly.
// Each writes to the session's buffer; bytes leave at the session's next flush.
import { YES } from '../codec/ascii.ts';
import type { MessageView } from '../codec/message-view.ts';
import { REJECT_TEXT, type RejectReason } from '../dictionary/reject-reason.ts';
import type { Session } from './session.ts';

/** TestReqID(112) of the TestRequest sent after silence. */
const TEST_REQUEST_ID = 'TEST';
/** Header tags between SendingTime and OrigSendingTime, and after it, that a resent message keeps. */
const KEPT_HEADER: ReadonlySet<number> = new Set([50, 57, 90, 91, 97, 115, 116, 128, 129, 142, 143, 144, 145, 212, 213, 347, 369]);
const REWRITTEN: ReadonlySet<number> = new Set([8, 9, 35, 34, 43, 49, 50, 52, 56, 57, 122, 10]);
/** Routing tags and what each becomes on the way back, in the order of the tags written. */
const REVERSE_ROUTE: readonly (readonly [to: number, from: number])[] = [
  [115, 128],
  [116, 129],
  [128, 115],
  [129, 116],
  [144, 145],
  [145, 144],
];

/** Logon: 98, 108, then only what was asked for. `asReply` echoes the counterparty's choices. */
export function sendLogon(session: Session, resetFlag: boolean, nextExpected: number): void {
  const writer = session.openAdmin('A');
  writer.int(98, 0).int(108, session.heartBtInt);
  if (resetFlag) writer.char(141, YES);
  if (nextExpected > 0) writer.int(789, nextExpected);
  if (session.settings.DefaultApplVerID !== '') writer.text(1137, session.settings.DefaultApplVerID);
  if (session.isInitiator) session.application.onLogonSent?.(session);
  session.seal();
}

/** Heartbeat, with the TestReqID(112) of the TestRequest it answers, if any. */
export function sendHeartbeat(session: Session, answer: MessageView | undefined): void {
  const writer = session.openAdmin('0');
  const i = answer === undefined ? -1 : answer.index(112);
  if (answer !== undefined && i >= 0) writer.copy(112, answer.bytes, answer.starts[i] as number, answer.ends[i] as number);
  session.seal();
}

/** TestRequest 112=TEST. */
export function sendTestRequest(session: Session): void {
  session.openAdmin('1').text(112, TEST_REQUEST_ID);
  session.seal();
}

/** Asks for [begin, end]; end 0 = all that follows (999999 before FIX 4.2). */
export function sendResendRequest(session: Session, begin: number, end: number): void {
  const open = session.settings.BeginString < 'FIX.4.2' ? 999_999 : 0;
  session
    .openAdmin('2')
    .int(7, begin)
    .int(16, end === 0 ? open : end);
  session.seal();
}

/** Logout, with Text(58) unless empty. */
export function sendLogout(session: Session, text: string): void {
  const writer = session.openAdmin('5');
  if (text !== '') writer.text(58, text);
  session.seal();
}

/** SequenceReset-GapFill for [from, next): carries number `from`, consumes none. */
export function sendGapFill(session: Session, from: number, next: number): void {
  const writer = session.openResend('4', from, session.time);
  writer.int(36, next).char(123, YES);
  session.seal();
}

/** Session-level Reject of `view`, naming refTag where there is one. */
export function sendReject(session: Session, view: MessageView, reason: RejectReason, refTag: string): void {
  const writer = session.openAdmin('3');
  writeReverseRoute(session, view);
  writer.int(45, refSeqNum(view)).text(58, REJECT_TEXT[reason] ?? '');
  if (session.settings.BeginString >= 'FIX.4.2') {
    if (refTag !== '') writer.text(371, refTag);
    writer.copy(372, view.bytes, view.starts[2] as number, view.ends[2] as number).int(373, reason);
  }
  session.seal();
}

/** BusinessMessageReject: reason is BusinessRejectReason(380), refId the business id at fault (may be empty). Kept for resending. Returns its MsgSeqNum. */
export function sendBusinessReject(session: Session, view: MessageView, reason: number, text: string, refId = ''): number {
  return session.send('j', (writer) => {
    writeReverseRoute(session, view);
    writer.int(45, refSeqNum(view)).text(58, text);
    writer.copy(372, view.bytes, view.starts[2] as number, view.ends[2] as number);
    if (refId !== '') writer.text(379, refId);
    writer.int(380, reason);
  });
}

function refSeqNum(view: MessageView): number {
  const number = view.int(34);
  return Number.isNaN(number) ? 0 : Math.max(number, 0);
}

function writeReverseRoute(session: Session, view: MessageView): void {
  for (const [to, from] of REVERSE_ROUTE) {
    const i = view.index(from);
    if (i >= 0 && view.starts[i] !== view.ends[i]) session.writer.copy(to, view.bytes, view.starts[i] as number, view.ends[i] as number);
  }
}

/** Sends a kept application message again: PossDupFlag, OrigSendingTime = its first SendingTime, a new SendingTime. */
export function sendKeptAgain(session: Session, kept: MessageView, msgSeqNum: number): void {
  const type = kept.text(35) ?? '';
  const writer = session.openResendHead(type, msgSeqNum);
  const sent = kept.index(52);
  let origWritten = false;
  for (let i = 3; i < kept.count; i++) {
    const tag = kept.tags[i] as number;
    if (REWRITTEN.has(tag)) continue;
    if (!origWritten && (tag > 122 || !KEPT_HEADER.has(tag))) {
      writer.copy(122, kept.bytes, kept.starts[sent] as number, kept.ends[sent] as number);
      origWritten = true;
    }
    writer.copy(tag, kept.bytes, kept.starts[i] as number, kept.ends[i] as number);
  }
  if (!origWritten) writer.copy(122, kept.bytes, kept.starts[sent] as number, kept.ends[sent] as number);
  session.seal();
}
