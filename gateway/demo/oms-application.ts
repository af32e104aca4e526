// The simulated OMS behind its FIX session: reports go to the OMS, its requests out through the session. Knows FIX tags only as numbers it passes on.
import type { Application, MessageView, Session } from '../fix/index.ts';
import { rejectName } from '../reject-text.ts';
import type { Fields } from './oms-messages.ts';
import type { SimulatedOms } from './simulated-oms.ts';

export class OmsApplication implements Application {
  /** Set once; the OMS needs this object to send through. */
  oms: SimulatedOms | undefined;
  private session: Session | undefined;

  /** The session when it is logged on. */
  get live(): Session | undefined {
    return this.session?.loggedOn === true ? this.session : undefined;
  }

  onLogon(session: Session): void {
    this.session = session;
  }

  onLogout(_session: Session, _reason: string): void {
    this.session = undefined;
    this.oms?.sessionEnded();
  }

  onMessage(_session: Session, view: MessageView): boolean {
    this.oms?.receive((tag) => view.text(tag) ?? '', rejectName);
    return true;
  }

  /** Sends one application message; false when not logged on. */
  send(type: string, body: Fields): boolean {
    const session = this.live;
    if (session === undefined) return false;
    session.send(type, (writer) => {
      for (const [tag, value] of body) writer.text(tag, value);
    });
    return true;
  }
}
