// The session's hold on its connection. The session never sees a socket.

/** What a session may do with the connection that carries it. */
export interface Link {
  /** Sends what the session's writer holds, in one write. */
  flush(): void;
  /** Sends what is written, then closes; the session is told by detach. */
  close(reason: string): void;
  /** Asks to be called again (session.work) when the loop is free and the socket takes more. */
  wantWork(): void;
  /** Input stopped by the application may flow again. */
  resume(): void;
  /** Bytes handed to the socket and not yet taken by the system. */
  readonly backlog: number;
}
