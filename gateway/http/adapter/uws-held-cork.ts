// A cork of uWebSockets.js that is always at hand: one answer that never ends, on a loopback connection of the server to itself.
//
// Why: everything the server writes must be written inside a cork, and the cork of an answer looks, once its work is done, at that answer's state. Where the
// work was an upgrade decided later than in the request's own callback, that state is memory given back already; what stands there by then may say
// "close", and the new WebSocket is cut (uNetworking/uWebSockets issue 1928). Inside the cork of another connection nothing of the upgraded
// answer is looked at again. It must not be one that asked for "Connection: close": see admit in answers.ts.
import type { TemplatedApp, HttpResponse as UwsResponse, us_listen_socket } from 'uWebSockets.js';
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Uws } from './uws-module.ts';

const LOOPBACK = '127.0.0.1';

export class UwsHeldCork {
  private readonly app: TemplatedApp;
  private readonly peer: Socket;
  private held: UwsResponse | undefined;

  private constructor(app: TemplatedApp, peer: Socket, held: UwsResponse) {
    this.app = app;
    this.peer = peer;
    this.held = held;
    held.onAborted(() => {
      this.held = undefined;
    });
  }

  /** Connects once to a port of its own, which is closed again. Rejects when loopback cannot be listened on. */
  static async open(uws: Uws): Promise<UwsHeldCork> {
    const app = uws.App();
    const socket = await new Promise<us_listen_socket | false>((resolve) => {
      app.listen(LOOPBACK, 0, resolve);
    });
    if (socket === false) throw new Error(`cannot listen on ${LOOPBACK}`);
    // Whoever else comes in this moment does not know the path.
    const path = `/${randomUUID()}`;
    return new Promise((resolve, reject) => {
      const peer = connect(uws.us_socket_local_port(socket), LOOPBACK, () => peer.write(`GET ${path} HTTP/1.1\r\nHost: ${LOOPBACK}\r\n\r\n`));
      peer.unref();
      peer.on('error', reject);
      app.get(path, (response) => {
        uws.us_listen_socket_close(socket);
        resolve(new UwsHeldCork(app, peer, response));
      });
    });
  }

  /** Runs `work` inside the cork. */
  run(work: () => void): void {
    if (this.held === undefined) work();
    else this.held.cork(work);
  }

  close(): void {
    this.app.close();
    this.peer.destroy();
  }
}
