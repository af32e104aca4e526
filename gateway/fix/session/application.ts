// What stands behind a session. The session layer knows nothing of orders or risk; everything it cannot answer itself goes here.
// All calls come on the session's thread; none may block for long.
import type { MessageView } from '../codec/message-view.ts';
import type { Session } from './session.ts';

/** What the session layer asks of, and tells, the program behind it. */
export interface Application {
  /** Before a valid Logon is answered: a text refuses it (sent as Logout 58, then the connection is closed), undefined admits it. */
  canLogon?(session: Session, logon: MessageView): string | undefined;
  /** The session is up; numbers are those after the Logon. */
  onLogon?(session: Session): void;
  /** The session is down, whatever the reason; called once per onLogon. */
  onLogout?(session: Session, reason: string): void;
  /** Both sequence numbers restarted at 1; session.incarnation is the new one. */
  onReset?(session: Session): void;
  /**
   * One application message in sequence. `view` is valid during the call only; PossDupFlag and PossResend are view.flag(43) and view.flag(97).
   * Return false to refuse it for now: the session stops reading, keeps the message unconsumed, and offers it again after session.resume().
   */
  onMessage(session: Session, view: MessageView, msgSeqNum: number): boolean;
  /** All messages that came in one piece have been handed over: what was gathered from them can go on its way. */
  onInputEnd?(session: Session): void;
  /** The counterparty sent Reject(3) or BusinessMessageReject(j) is an application message and comes by onMessage. */
  onReject?(session: Session, reject: MessageView): void;
  /**
   * While the session is up, bytes came that are no message, or a message whose CheckSum, BodyLength or fields are broken: dropped, its number not
   * consumed.
   */
  onGarbled?(session: Session): void;
  /** Adds fields to the Logon an initiator sends (553, 554, 96 …). */
  onLogonSent?(session: Session): void;
  /**
   * Writes an application message again for a ResendRequest: session.openResend(…), fields, session.seal(), then true. False gap-fills the number.
   * Without this method the store's kept bytes are used.
   */
  reencode?(session: Session, msgSeqNum: number): boolean;
  /** Outbound bytes fell below the low-water mark again after session.congested was true. */
  onDrain?(session: Session): void;
}
