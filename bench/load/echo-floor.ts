// The floor under any gateway: a process that reads order-sized frames and writes report-sized ones, doing nothing in between but copying the
// ClOrdID digits (so that the client can match). What the gateway costs is judged as a multiple of this.
import { type ChildProcess, fork } from 'node:child_process';

/** A running echo process. */
export interface EchoFloor {
  readonly port: number;
  stop(): void;
}

/** Starts the echo on a free loopback port; answers are `reportBytes` long, digits are read `clOrdIdAt` bytes into an order. */
export function startEchoFloor(reportBytes: number, clOrdIdAt: number): Promise<EchoFloor> {
  const child: ChildProcess = fork(new URL('echo-server.ts', import.meta.url), [`${reportBytes}`, `${clOrdIdAt}`]);
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve({ port: Number(port), stop: () => child.kill() }));
    child.once('exit', (code) => reject(new Error(`the echo process ended with ${code}`)));
  });
}
