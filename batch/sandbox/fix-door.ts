// An exchange's FIX door as far as the morning's health check needs it: answers a Logon(A) with a Logon(A), a Logout(5) with a Logout(5). Trading over FIX is
// not played here.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { fieldOf, fixMessage } from '../ports/fix-logon.ts';
import type { FaultSwitches } from './faults.ts';

/** A running door. */
export interface FixDoor {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts it on loopback; with counterparty-down on, connections are dropped. */
export async function startFixDoor(faults: FaultSwitches): Promise<FixDoor> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (faults.isOn('counterparty-down')) return socket.destroy();
      const text = bytes.toString('latin1');
      const type = fieldOf(text, 35);
      if (type !== 'A' && type !== '5') return undefined;
      const reply = { type, sender: fieldOf(text, 56), target: fieldOf(text, 49), sequence: Number(fieldOf(text, 34)) };
      return socket.write(fixMessage(reply, type === 'A' ? [[98, '0'] as const, [108, '30'] as const] : []));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
