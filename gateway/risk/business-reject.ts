// BusinessMessageReject(j): the message could not be judged at all. Kept in the session log by its bytes, for no journal holds it.
import type { MessageView } from '../fix/codec/message-view.ts';
import type { Session } from '../fix/session/session.ts';

/** What the reject says. */
export interface Refusal {
  /** BusinessRejectReason(380). */
  readonly reason: number;
  readonly text: string;
  /** Tag at fault, 0 = none. */
  readonly tag: number;
}

/** Answers `message` with a BusinessMessageReject; it leaves at the end of the loop's turn. */
export function refuseMessage(session: Session, message: MessageView, refusal: Refusal): void {
  session.send('j', (writer) => {
    writer.int(45, message.int(34)).text(58, refusal.text);
    writer.text(372, message.text(35) ?? '');
    const reference = refusal.tag === 0 || refusal.tag === 11 ? message.text(11) : undefined;
    if (reference !== undefined && reference !== '') writer.text(379, reference);
    writer.int(380, refusal.reason);
  });
}
