// The application counterparties certify the session layer with: sends NewOrderSingle, SecurityDefinition and Email back as they came, body fields
// ascending, repeating groups kept whole; refuses every other message type; ignores a possible resend it has seen.
import type { MessageView } from '../codec/message-view.ts';
import { type Dictionary, messageTypeCode } from '../dictionary/dictionary.ts';
import { LAYOUT_TAGS, type Layout } from '../dictionary/layout.ts';
import type { Application } from '../session/application.ts';
import { sendBusinessReject } from '../session/outbound-messages.ts';
import type { Session } from '../session/session.ts';

const ECHOED: ReadonlyMap<number, string> = new Map(['D', 'd', 'C'].map((type) => [messageTypeCode(type), type]));
/** BusinessRejectReason(380): unsupported message type. */
const UNSUPPORTED = 3;

/** Echoes D, d and C; shared by any number of sessions. */
export class EchoApplication implements Application {
  private readonly dictionary: Dictionary;
  private readonly seen = new Map<Session, Set<string>>();

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
  }

  onLogout(session: Session): void {
    this.seen.delete(session);
  }

  onMessage(session: Session, view: MessageView): boolean {
    const type = ECHOED.get(view.msgType);
    if (type === undefined) sendBusinessReject(session, view, UNSUPPORTED, 'Unsupported Message Type');
    else if (!this.isRepeat(session, view)) this.echo(session, view, type);
    return true;
  }

  private isRepeat(session: Session, view: MessageView): boolean {
    const id = view.text(11);
    if (id === undefined) return false;
    const ids = this.seen.get(session) ?? new Set();
    this.seen.set(session, ids);
    if (view.flag(97) && ids.has(id)) return true;
    ids.add(id);
    return false;
  }

  private echo(session: Session, view: MessageView, type: string): void {
    const runs = this.bodyRuns(view);
    session.send(type, (writer) => {
      if (view.flag(97)) writer.char(97, view.char(97));
      for (const { from, to } of runs) {
        for (let i = from; i < to; i++) writer.copy(view.tags[i] as number, view.bytes, view.starts[i] as number, view.ends[i] as number);
      }
    });
  }

  /** Body fields ascending by tag; a count field and the members it counts are one run. */
  private bodyRuns(view: MessageView): readonly { readonly tag: number; readonly from: number; readonly to: number }[] {
    const body = this.dictionary.bodyOf(view.msgType);
    const runs = [];
    for (let i = 3; i < view.count; ) {
      const tag = view.tags[i] as number;
      const to = endOfRun(view, i, body);
      if (this.dictionary.header.fields[tag] !== 1 && this.dictionary.trailer.fields[tag] !== 1) runs.push({ tag, from: i, to });
      i = to;
    }
    return runs.sort((a, b) => a.tag - b.tag);
  }
}

function endOfRun(view: MessageView, at: number, body: Layout | undefined): number {
  const group = body?.groups.get(view.tags[at] as number);
  let i = at + 1;
  if (group === undefined) return i;
  while (i < view.count && (view.tags[i] as number) < LAYOUT_TAGS && group.fields[view.tags[i] as number] === 1) i = endOfRun(view, i, group);
  return i;
}
