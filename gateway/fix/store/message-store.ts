// What a session must remember across connections and restarts. The session calls it in the order things happen and never from two threads.
// A store that re-encodes application messages from elsewhere keeps numbers only and answers undefined in message().

/** The memory of one session. */
export interface MessageStore {
  /** Starts at 1 and grows by one at each reset; (session, incarnation, MsgSeqNum) names a message for ever. */
  readonly incarnation: number;
  /** When the numbers last restarted, microseconds since 1970. */
  readonly createdAt: number;
  /** MsgSeqNum(34) the next message sent will carry. */
  readonly nextOutbound: number;
  /** MsgSeqNum(34) expected next from the counterparty. */
  readonly nextInbound: number;
  /** Takes the next outbound number, durably before any byte that carries it leaves. Application messages are told from session messages. */
  takeOutbound(isApplication: boolean): number;
  /** Keeps the bytes of an application message for resending. */
  keep(msgSeqNum: number, bytes: Uint8Array, start: number, end: number): void;
  /** The kept message, or undefined: the number is gap-filled. Valid until the next call. */
  message(msgSeqNum: number): Uint8Array | undefined;
  setNextInbound(msgSeqNum: number): void;
  setNextOutbound(msgSeqNum: number): void;
  /** Both numbers to 1, kept messages forgotten, incarnation + 1. `at` in microseconds since 1970. */
  reset(at: number): void;
  /** Called before bytes are handed to the socket: a store that batches its writes makes them durable here. Throwing ends the process. */
  commit?(): void;
  /** Makes everything taken and kept so far durable; called just before bytes leave for the socket. */
  commit?(): void;
  close(): void;
}
