// Answers ResendRequests: application messages again with PossDupFlag, everything else as one gap fill per run. Works in chunks so that a
// request for a hundred thousand messages neither blocks the loop nor fills the socket; live traffic goes on between chunks.
import { MessageView } from '../codec/message-view.ts';
import { sendGapFill, sendKeptAgain } from './outbound-messages.ts';
import type { Session } from './session.ts';

/** Numbers handled per turn. */
const CHUNK = 500;
/** Requests waiting behind the one being served; more are not remembered (the counterparty asks again). */
const RANGES_MAX = 16;

interface Range {
  next: number;
  readonly end: number;
  /** First number of the run being gap-filled, or 0. */
  gapFrom: number;
}

/** The resends a session owes; at most 16 ranges. */
export class ResendServer {
  private readonly ranges: Range[] = [];
  private readonly view = new MessageView();

  get busy(): boolean {
    return this.ranges.length > 0;
  }

  /** Takes a request for [begin, end], both already within what was sent. */
  request(begin: number, end: number): void {
    if (this.ranges.length < RANGES_MAX) this.ranges.push({ next: begin, end, gapFrom: 0 });
  }

  clear(): void {
    this.ranges.length = 0;
  }

  /** Sends up to a chunk; true when more is left. */
  work(session: Session): boolean {
    let budget = CHUNK;
    while (budget > 0 && !session.congested) {
      const range = this.ranges[0];
      if (range === undefined) return false;
      if (range.next > range.end) {
        if (range.gapFrom > 0) sendGapFill(session, range.gapFrom, range.end + 1);
        this.ranges.shift();
        continue;
      }
      this.resendOne(session, range);
      range.next += 1;
      budget -= 1;
    }
    return this.busy;
  }

  private resendOne(session: Session, range: Range): void {
    const mark = session.writer.end;
    const gapFrom = range.gapFrom;
    if (gapFrom > 0) sendGapFill(session, gapFrom, range.next);
    if (this.resendApplication(session, range.next)) {
      range.gapFrom = 0;
      return;
    }
    session.writer.end = mark;
    if (gapFrom === 0) range.gapFrom = range.next;
  }

  private resendApplication(session: Session, msgSeqNum: number): boolean {
    if (session.application.reencode !== undefined) return session.application.reencode(session, msgSeqNum);
    const kept = session.store.message(msgSeqNum);
    if (kept === undefined || this.view.scan(kept, 0, kept.length) !== 0) return false;
    sendKeptAgain(session, this.view, msgSeqNum);
    return true;
  }
}
