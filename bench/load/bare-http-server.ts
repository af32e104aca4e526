// Floor of the API bench: uWebSockets.js answering every request with the same bytes, body read first. Prints nothing; tells its parent the port.
import { loadUws } from '../../gateway/http/adapter/uws-module.ts';

/** What the parent asks: bytes of the answer's body. */
export interface BareTask {
  readonly bytes: number;
}

/** What it answers. */
export interface BareAnswer {
  readonly port: number;
}

async function serve(bytes: number): Promise<number> {
  const uws = await loadUws();
  const body = Buffer.alloc(bytes, 0x20);
  const app = uws.App();
  app.any('/*', (response) => {
    response.onAborted(() => undefined);
    response.onData((_, isLast) => {
      if (isLast) response.cork(() => response.writeHeader('content-type', 'application/json; charset=utf-8').end(body));
    });
  });
  return new Promise((resolve) => {
    app.listen('127.0.0.1', 0, (socket) => resolve(socket === false ? 0 : uws.us_socket_local_port(socket)));
  });
}

process.on('message', ({ bytes }: BareTask) => {
  void serve(bytes).then((port) => process.send?.({ port } satisfies BareAnswer));
});
process.on('disconnect', () => process.exit(0));
