// The states of a session, one per file. A state holds no data: it decides what a message or the passing of time means now.
import type { MessageView } from '../../codec/message-view.ts';
import type { Disposition } from '../disposition.ts';
import type { Session } from '../session.ts';

/** What a message and a tick mean in one state. */
export interface SessionState {
  readonly name: 'latent' | 'logonSent' | 'inSession' | 'recovering' | 'pendingTimeout' | 'logoutSent';
  receive(session: Session, view: MessageView): Disposition;
  tick(session: Session): void;
}
